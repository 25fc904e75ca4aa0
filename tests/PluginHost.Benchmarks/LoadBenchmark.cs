using System.Diagnostics;

namespace PluginHost.Benchmarks;

/// <summary>Loading a module and making an instance of it, in this process, which has done it before.</summary>
internal static class LoadBenchmark
{
    private const int WarmUps = 10;
    private const string LoadName = "load calc: decode, validate, prepare";
    private const string SecondName = "a second instance of calc with _initialize";

    public static void Run(BenchmarkOptions options, Report report)
    {
        if (!options.Wants(LoadName) && !options.Wants(SecondName))
            return;

        var bytes = Repository.Sample("calc");
        using var node = NodeEngine.TryStart();
        List<double> ours = [], other = [];

        for (var round = 0; round < options.Rounds + WarmUps; round++)
        {
            var salted = SaltedModule.Of(bytes);

            ours.Add(Milliseconds(() => Guest.Prepare(salted)));

            if (node is not null)
                other.Add(node.Load(Repository.SamplePath("calc")));
        }

        Add(options, report, LoadName, ours.Skip(WarmUps), other.Skip(WarmUps), "–");

        var module = Guest.Prepare(bytes);
        using var first = new Guest(module);

        ours.Clear();
        other.Clear();

        for (var round = 0; round < (options.Rounds * 2) + WarmUps; round++)
        {
            ours.Add(Milliseconds(() => new Guest(module).Dispose()));

            if (node is not null)
                other.Add(node.Instantiate());
        }

        Add(options, report, SecondName, ours.Skip(WarmUps), other.Skip(WarmUps), "< 4 ms");
    }

    private static void Add(BenchmarkOptions options, Report report, string name, IEnumerable<double> ours, IEnumerable<double> other, string aim)
    {
        if (options.Wants(name))
            report.Add(new Measurement(name, "ms", Median.Of(ours), other.Any() ? Median.Of(other) : null, "V8", aim));
    }

    private static double Milliseconds(Action work)
    {
        var begin = Stopwatch.GetTimestamp();

        work();
        return Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
    }
}
