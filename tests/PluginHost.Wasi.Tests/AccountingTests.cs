using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Wasi.Tests;

/// <summary>
/// What a module, an instance and a call of it may take of the host's heap: counted as this thread allocates it, which no collection and no other test
/// changes. The bounds are twice what was measured or more; the table of costs is what the benchmarks' mode <c>memory</c> prints.
/// </summary>
public sealed class AccountingTests
{
    private const long Instances = 20;
    private const int Calls = 10_000;

    [Theory]
    [EngineData]
    public void Costs_OfAGoModule_StayWithinBounds(string engine)
    {
        var bytes = Repository.Sample("calc");
        var imports = new Imports();
        WasiImports.AddTo(imports);
        ExecutableModule module = null!;
        RunInstance(ExecutionEngines.Named(engine).Prepare(WasmModule.Load(bytes)), 1);

        var ofModule = Allocated(() => module = ExecutionEngines.Named(engine).Prepare(WasmModule.Load([.. bytes])));
        RunInstance(module, 1);
        var ofInstances = Allocated(() =>
        {
            for (var i = 0; i < Instances; i++)
                RunInstance(module, 1);
        });
        var ofCalls = Allocated(() => RunInstance(module, Calls)) - (ofInstances / Instances);


        // Generating code for all functions allocates what it needs for that and drops it.
        Assert.InRange(ofModule, bytes.Length, (engine == "compiled" ? 200L : 6L) * bytes.Length);
        Assert.InRange(ofInstances / Instances, 1, 256 * 1024);
        Assert.InRange(ofCalls / (double)Calls, -1, 8);

        void RunInstance(ExecutableModule executable, int calls)
        {
            using var context = new WasiContext();
            using var instance = executable.Instantiate(imports, new InstanceOptions { States = [context] });
            Assert.True(instance.TryGetFunction("_initialize", out var initialize));
            Assert.True(instance.TryGetFunction("add", out var add));
            instance.Invoke(initialize, [], []);
            Span<ulong> results = stackalloc ulong[1];
            ReadOnlySpan<ulong> arguments = [1, 2];

            for (var i = 0; i < calls; i++)
                instance.Invoke(add, arguments, results, new ExecutionBudget(TimeSpan.FromMinutes(1)));

            Assert.Equal(3UL, results[0]);
        }
    }

    private static long Allocated(Action work)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        work();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
