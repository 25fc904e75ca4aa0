using System.Diagnostics;
using System.Globalization;
using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Benchmarks;

/// <summary>
/// Whether a background compile delays calls. One thread makes short calls, one every millisecond, to an interpreted plugin that is never compiled; another calls a
/// large module that nobody called before, so that its functions are lowered and, where the engine is tiered, compiled in the background. Both engines take turns.
/// The usual and the rarest latencies of the short calls stand beside each other, and so do those of the large module's own calls. A short call is late from the
/// moment at which it was due, so that a thread that wakes up late counts.
/// </summary>
internal static class DelayBenchmark
{
    private const string Large = "handler";
    private const int ShortArgument = 12;
    private const int LargeArgument = 3;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    public static void Run(BenchmarkOptions options, Report report)
    {
        using var caller = new Guest(ExecutionEngines.Named("interpreter").Prepare(WasmModule.Load(Repository.Sample("kernels"))));
        List<double> beside = [], besideInterpreter = [], own = [], ownInterpreter = [];
        var compiled = 0;

        // The first round compiles the engine itself.
        for (var round = -1; round < options.Rounds; round++)
        {
            List<double>[] into = round < 0 ? [[], [], [], []] : [beside, own, besideInterpreter, ownInterpreter];
            Measure("interpreter", caller, options.Seconds, into[2], into[3]);
            compiled = Measure("tiered", caller, options.Seconds, into[0], into[1]);
        }

        report.Note(string.Create(CultureInfo.InvariantCulture, $"{compiled} functions were compiled in the last round; {beside.Count} and {besideInterpreter.Count} short calls"));

        foreach (var (name, share) in ((string, double)[])[("median", 0.5), ("99th percentile", 0.99), ("99.9th percentile", 0.999), ("longest", 1)])
        {
            Add($"a short call beside the compiler: {name}", Percentile(beside, share), Percentile(besideInterpreter, share), share < 1 ? "–" : "≤ 5 ms more");
            Add($"a call of what is compiled: {name}", Percentile(own, share), Percentile(ownInterpreter, share), "–");
        }

        void Add(string name, double ours, double other, string aim)
        {
            if (options.Wants(name))
                report.Add(new Measurement(name, "ms", ours, other, "interpreter only", aim));
        }
    }

    /// <summary>One round; the functions that were compiled in it.</summary>
    private static int Measure(string engine, Guest caller, int seconds, List<double> latencies, List<double> ownLatencies)
    {
        var module = ExecutionEngines.Named(engine).Prepare(WasmModule.Load(SaltedModule.Of(Repository.Sample(Large))));
        using var large = new Guest(module);
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        var work = new Thread(() => CallUntil(() => large.Call("httpHandler", LargeArgument), TimeSpan.Zero, ownLatencies, end.Token));
        work.Start();
        CallUntil(() => caller.Call("fib", ShortArgument), Pause, latencies, end.Token);
        work.Join();
        return module.Statistics().Compiled.Functions;
    }

    private static void CallUntil(Action call, TimeSpan pause, List<double> latencies, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            var begin = Stopwatch.GetTimestamp();

            if (pause > TimeSpan.Zero)
                Thread.Sleep(pause);

            call();
            latencies.Add((Stopwatch.GetElapsedTime(begin) - pause).TotalMilliseconds);
        }
    }

    private static double Percentile(List<double> values, double share) => values.Order().ElementAt((int)((values.Count - 1) * share));
}
