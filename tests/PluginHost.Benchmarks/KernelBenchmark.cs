using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace PluginHost.Benchmarks;

/// <summary>
/// The same kernels as native Go, on V8, and on this engine's tiers, in turns within one run. Every side is warmed until its times stop falling, and all results
/// are compared: a kernel that is fast because it is wrong must not make it into the table.
/// </summary>
internal static class KernelBenchmark
{
    private const int FewestWarmUps = 20;
    private const int MostWarmUps = 400;

    private static readonly TimeSpan LongestWarmUp = TimeSpan.FromSeconds(8);
    private static readonly string[] Compared = ["tiered", "interpreter"];
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static void Run(BenchmarkOptions options, TextWriter output)
    {
        var engines = options.Engines.Count > 0 ? options.Engines : Compared;
        var wanted = options.Filter.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var rows = new List<KernelTimes>();

        foreach (var kernels in Kernel.All.Where(kernel => wanted.Length == 0 || wanted.Contains(kernel.Export, StringComparer.OrdinalIgnoreCase)).GroupBy(kernel => kernel.Module, StringComparer.Ordinal))
        {
            using var sides = new KernelSides(kernels.Key, engines);

            if (rows.Count == 0)
            {
                output.WriteLine($"| kernel | {string.Join(" | ", sides.All.Select(side => $"{side.Name} ms"))} | V8 ÷ {engines[0]} | {engines[0]} ÷ native |");
                output.WriteLine($"|---|{string.Concat(Enumerable.Repeat("---:|", sides.All.Count + 2))}");
            }

            foreach (var kernel in kernels)
            {
                var row = Measure(kernel, sides.All, options.Rounds);
                rows.Add(row);
                output.WriteLine(
                    $"| {row.Kernel} | {string.Join(" | ", sides.All.Select(side => Number(row.Milliseconds[side.Name])))} | {Ratio(row, KernelSides.V8, engines[0])} | {Ratio(row, engines[0], KernelSides.Native)} |");
            }
        }

        if (rows.Count == 0)
            return;

        output.WriteLine($"| geometric mean | {string.Concat(Enumerable.Repeat(" | ", rows[0].Milliseconds.Count - 1))} | {Mean(rows, KernelSides.V8, engines[0])} | {Mean(rows, engines[0], KernelSides.Native)} |");

        if (options.JsonFile is { } file)
            File.WriteAllText(file, JsonSerializer.Serialize(rows, Indented));
    }

    private static KernelTimes Measure(Kernel kernel, IReadOnlyList<KernelSide> sides, int rounds)
    {
        var times = sides.ToDictionary(side => side.Name, _ => new List<double>(), StringComparer.Ordinal);
        var result = sides[0].Call(kernel).Result;

        foreach (var side in sides)
            WarmUp(side, kernel);

        for (var round = 0; round < rounds; round++)
        {
            foreach (var side in sides)
            {
                var run = side.Call(kernel);
                times[side.Name].Add(run.Milliseconds);

                if (run.Result != result)
                    throw new InvalidOperationException($"{kernel.Export}({kernel.Size}) gave {run.Result} on {side.Name} and {result} on {sides[0].Name}.");
            }
        }

        return new KernelTimes(string.Create(CultureInfo.InvariantCulture, $"{kernel.Export}({kernel.Size})"), times.ToDictionary(side => side.Key, side => Median.Of(side.Value), StringComparer.Ordinal));
    }

    /// <summary>Calls until the median of five calls is no more than 2 % below that of the five before, twice in a row.</summary>
    private static void WarmUp(KernelSide side, Kernel kernel)
    {
        var begin = Stopwatch.GetTimestamp();
        var steady = 0;
        var before = double.MaxValue;

        for (var calls = 0; calls < MostWarmUps && Stopwatch.GetElapsedTime(begin) < LongestWarmUp && (steady < 2 || calls < FewestWarmUps); calls += 5)
        {
            List<double> five = [.. Enumerable.Range(0, 5).Select(_ => side.Call(kernel).Milliseconds)];
            var median = Median.Of(five);
            steady = median > before * 0.98 ? steady + 1 : 0;
            before = Math.Min(before, median);
        }
    }

    private static string Ratio(KernelTimes row, string over, string under) =>
        row.Milliseconds.TryGetValue(over, out var top) && row.Milliseconds.TryGetValue(under, out var bottom) ? Number(top / bottom) : "–";

    private static string Mean(List<KernelTimes> rows, string over, string under) =>
        rows.Count > 0 && rows.TrueForAll(row => row.Milliseconds.ContainsKey(over) && row.Milliseconds.ContainsKey(under))
            ? Number(Math.Exp(rows.Average(row => Math.Log(row.Milliseconds[over] / row.Milliseconds[under]))))
            : "–";

    private static string Number(double value) => value.ToString(value < 10 ? "0.00" : "0.0", CultureInfo.InvariantCulture);
}
