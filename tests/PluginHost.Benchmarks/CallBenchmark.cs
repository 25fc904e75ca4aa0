using System.Diagnostics;
using PluginHost.Plugins.Invocation;
using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Benchmarks;

/// <summary>
/// The smallest call, <c>add(1, 2)</c>, in this process: of an instance, on each engine, with a deadline and without; and through a plugin's pool, as the server
/// calls it. All sides take turns.
/// </summary>
internal static class CallBenchmark
{
    private const int Calls = 200_000;
    private const int WarmUps = 10;
    private const string Prefix = "add(1, 2) in process, ";

    public static async Task RunAsync(BenchmarkOptions options, Report report)
    {
        using var node = NodeEngine.TryStart();
        node?.Load(Repository.SamplePath("calc"));
        node?.Instantiate();
        using var compiled = new Guest(ExecutionEngines.Named("tiered").Prepare(WasmModule.Load(Repository.Sample("calc"))));
        using var interpreted = new Guest(ExecutionEngines.Named("interpreter").Prepare(WasmModule.Load(Repository.Sample("calc"))));
        await using var plugins = await HostedPlugins.StartAsync();
        var target = await plugins.UploadAsync("calc", "add");
        var deadline = new ExecutionBudget(TimeSpan.FromSeconds(30));

        (string Name, string Aim, Action Run)[] sides =
        [
            ("compiled", "< 50 ns", () => Add(compiled, default)),
            ("compiled, with a deadline", "–", () => Add(compiled, deadline)),
            ("interpreted", "< 1 µs", () => Add(interpreted, default)),
            ("interpreted, with a deadline", "–", () => Add(interpreted, deadline)),
            ("through the plugin's pool", "–", () => Add(plugins.Invoker, target)),
        ];
        var wanted = sides.Where(side => options.Wants(Prefix + side.Name)).ToList();
        var ours = wanted.ConvertAll(_ => new List<double>());
        List<double> other = [];

        for (var round = 0; round < options.Rounds + WarmUps; round++)
        {
            for (var side = 0; side < wanted.Count; side++)
            {
                var begin = Stopwatch.GetTimestamp();
                wanted[side].Run();
                ours[side].Add(Stopwatch.GetElapsedTime(begin).TotalNanoseconds / Calls);
            }

            if (node is not null)
                other.Add(node.Call("add", Calls, ("i32", "1"), ("i32", "2")).Milliseconds * 1e6 / Calls);
        }

        for (var side = 0; side < wanted.Count; side++)
            report.Add(new Measurement(Prefix + wanted[side].Name, "ns", Median.Of(ours[side].Skip(WarmUps)), other.Count > 0 ? Median.Of(other.Skip(WarmUps)) : null, "V8", wanted[side].Aim));
    }

    private static void Add(Guest guest, ExecutionBudget budget)
    {
        var add = guest.Function("add");
        ReadOnlySpan<ulong> arguments = [1, 2];
        Span<ulong> results = stackalloc ulong[1];

        for (var i = 0; i < Calls; i++)
            guest.Invoke(add, arguments, results, budget);

        if (results[0] != 3)
            throw new InvalidOperationException($"add(1, 2) gave {results[0]}.");
    }

    private static void Add(Invoker invoker, InvocationTarget target)
    {
        ReadOnlyMemory<ulong> arguments = new ulong[] { 1, 2 };
        Memory<ulong> results = new ulong[1];

        for (var i = 0; i < Calls; i++)
        {
            // An idle instance is there, so that it has ended when it returns.
            var result = invoker.InvokeAsync(target, arguments, results, null, CancellationToken.None);

            if (!result.IsCompletedSuccessfully || !result.Result.Succeeded)
                throw new InvalidOperationException("A call failed or had to wait.");
        }
    }
}
