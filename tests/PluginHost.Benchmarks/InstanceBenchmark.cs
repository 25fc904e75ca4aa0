using System.Diagnostics;

namespace PluginHost.Benchmarks;

/// <summary>Loading a module, making an instance of it, and the smallest call, in this process.</summary>
internal static class InstanceBenchmark
{
    private const int Calls = 200_000;
    private const string LoadName = "load calc: decode, validate, prepare";
    private const string SecondName = "a second instance with _initialize";
    private const string AddName = "add(1, 2) in process";

    public static void Run(BenchmarkOptions options, Report report)
    {
        if (!options.Wants(LoadName) && !options.Wants(SecondName) && !options.Wants(AddName))
            return;

        var bytes = Repository.Sample("calc");
        using var node = NodeEngine.TryStart();
        List<double> ours = [], other = [];

        for (var round = 0; round < options.Rounds + 3; round++)
        {
            var salted = SaltedModule.Of(bytes);

            ours.Add(Milliseconds(() => Guest.Prepare(salted)));

            if (node is not null)
                other.Add(node.Load(Repository.SamplePath("calc")));
        }

        Add(options, report, LoadName, "ms", ours.Skip(3), other.Skip(3), "–");

        var module = Guest.Prepare(bytes);
        using var first = new Guest(module);

        ours.Clear();
        other.Clear();

        for (var round = 0; round < (options.Rounds * 2) + 3; round++)
        {
            ours.Add(Milliseconds(() => new Guest(module).Dispose()));

            if (node is not null)
                other.Add(node.Instantiate());
        }

        Add(options, report, SecondName, "ms", ours.Skip(3), other.Skip(3), "≤ 10 ms");

        ours.Clear();
        other.Clear();

        for (var round = 0; round < options.Rounds + 3; round++)
        {
            ours.Add(Milliseconds(() => Add(first)) * 1e6 / Calls);

            if (node is not null)
                other.Add(node.Call("add", Calls, ("i32", "1"), ("i32", "2")).Milliseconds * 1e6 / Calls);
        }

        Add(options, report, AddName, "ns", ours.Skip(3), other.Skip(3), "–");
    }

    private static void Add(Guest guest)
    {
        var add = guest.Function("add");
        ReadOnlySpan<ulong> arguments = [1, 2];
        Span<ulong> results = stackalloc ulong[1];

        for (var i = 0; i < Calls; i++)
            guest.Invoke(add, arguments, results);
    }

    private static void Add(BenchmarkOptions options, Report report, string name, string unit, IEnumerable<double> ours, IEnumerable<double> other, string aim)
    {
        if (options.Wants(name))
            report.Add(new Measurement(name, unit, Median.Of(ours), other.Any() ? Median.Of(other) : null, "node", aim));
    }

    private static double Milliseconds(Action work)
    {
        var begin = Stopwatch.GetTimestamp();

        work();
        return Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
    }
}
