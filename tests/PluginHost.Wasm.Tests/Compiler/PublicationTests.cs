using PluginHost.Wasm.Compiler;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Wasm.Tests.Compiler;

/// <summary>Functions are compiled and exchanged while other threads run them.</summary>
public sealed class PublicationTests
{
    private const int Functions = 48;
    private const int Threads = 4;

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    public static TheoryData<string> Engines => ["tiered", "switching"];

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Publication_WhileOtherThreadsRun_ChangesNoResult(string name)
    {
        IExecutionEngine engine = name == "switching" ? new SwitchingEngine(1) : ExecutionEngines.Named(name);
        var module = engine.Prepare(LoopModule.Of(Functions));
        using var patience = new CancellationTokenSource(s_patience);

        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Factory.StartNew(
            () => Run(module, thread, patience.Token), patience.Token, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

        var tiers = module.Statistics();
        Assert.Equal((Functions, 0, 0), (tiers.Compiled.Functions, tiers.Refused, tiers.Faults));
    }

    /// <summary>Calls all functions, in an order of the thread's own, until all have been compiled, and then once more.</summary>
    private static void Run(ExecutableModule module, int thread, CancellationToken cancellation)
    {
        using var instance = module.Instantiate(new Imports());
        var random = new Random(thread);
        var isLast = false;

        while (!isLast)
        {
            cancellation.ThrowIfCancellationRequested();
            isLast = module.Statistics().Compiled.Functions == Functions;

            foreach (var function in Enumerable.Range(0, Functions).OrderBy(_ => random.Next()))
            {
                var (turns, x) = ((uint)random.Next(1, 20_000), (uint)random.Next());
                Assert.Equal(LoopModule.Expected(function, turns, x), LoopModule.Call(instance, function, turns, x));
            }
        }
    }
}
