using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Benchmarks;

/// <summary>
/// The same kernels as native Go, on V8, and on this engine's tiers, in turns within one run. Every side is warmed until its times stop falling, and all results
/// are compared: a kernel that is fast because it is wrong must not make it into the table.
/// </summary>
internal static class KernelBenchmark
{
    private const string Native = "native Go";
    private const string V8 = "V8";
    private const int FewestWarmUps = 20;
    private const int MostWarmUps = 400;

    private static readonly TimeSpan LongestWarmUp = TimeSpan.FromSeconds(8);
    private static readonly string[] Compared = ["tiered", "interpreter"];
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static void Run(BenchmarkOptions options, TextWriter output)
    {
        var engines = options.Engines.Count > 0 ? options.Engines : Compared;
        var guests = engines.Select(engine => (Engine: engine, Guest: new Guest(ExecutionEngines.Named(engine).Prepare(WasmModule.Load(Repository.Sample("kernels")))))).ToList();
        using var node = NodeEngine.TryStart();
        using var native = NativeGo.TryStart();
        List<KernelSide> sides = [];

        if (native is null)
            Console.Error.WriteLine($"No times of native Go: {GoInstallation.Obstacle}");
        else
            sides.Add(new(Native, kernel => native.Call(kernel) is var run ? (run.Milliseconds, Text(kernel, run.Result)) : default));

        if (node is null)
        {
            Console.Error.WriteLine("node is not installed: no times of V8.");
        }
        else
        {
            node.Load(Repository.SamplePath("kernels"));
            node.Instantiate();
            sides.Add(new(V8, kernel => node.Call(kernel.Export, 1, ("i32", kernel.Size.ToString(CultureInfo.InvariantCulture))) is var run ? (run.Milliseconds, Normal(kernel, run.Result)) : default));
        }

        foreach (var (engine, guest) in guests)
            sides.Add(new(engine, kernel => Time(guest, kernel)));

        var wanted = options.Filter.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var rows = new List<KernelTimes>();
        output.WriteLine($"| kernel | {string.Join(" | ", sides.Select(side => $"{side.Name} ms"))} | V8 ÷ {engines[0]} | {engines[0]} ÷ native |");
        output.WriteLine($"|---|{string.Concat(Enumerable.Repeat("---:|", sides.Count + 2))}");

        foreach (var kernel in Kernel.All.Where(kernel => wanted.Length == 0 || wanted.Contains(kernel.Export, StringComparer.OrdinalIgnoreCase)))
        {
            var row = Measure(kernel, sides, options.Rounds);
            rows.Add(row);
            var ours = row.Milliseconds[engines[0]];
            output.WriteLine($"| {row.Kernel} | {string.Join(" | ", sides.Select(side => Number(row.Milliseconds[side.Name])))} | {Ratio(row, V8, engines[0])} | {Ratio(row, engines[0], Native)} |");
        }

        output.WriteLine($"| geometric mean | {string.Concat(Enumerable.Repeat(" | ", sides.Count - 1))} | {Mean(rows, V8, engines[0])} | {Mean(rows, engines[0], Native)} |");

        if (options.JsonFile is { } file)
            File.WriteAllText(file, JsonSerializer.Serialize(rows, Indented));

        foreach (var (_, guest) in guests)
            guest.Dispose();
    }

    private static KernelTimes Measure(Kernel kernel, List<KernelSide> sides, int rounds)
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

    private static (double Milliseconds, string Result) Time(Guest guest, Kernel kernel)
    {
        var begin = Stopwatch.GetTimestamp();
        var bits = guest.Call(kernel.Export, (ulong)kernel.Size);

        return (Stopwatch.GetElapsedTime(begin).TotalMilliseconds, Text(kernel, bits));
    }

    private static string Text(Kernel kernel, ulong bits) => kernel.Result switch
    {
        ValueType.I32 => ((int)bits).ToString(CultureInfo.InvariantCulture),
        ValueType.I64 => ((long)bits).ToString(CultureInfo.InvariantCulture),
        _ => BitConverter.UInt64BitsToDouble(bits).ToString("R", CultureInfo.InvariantCulture),
    };

    /// <summary>Both write floats so that they read back as the same, though not with the same digits.</summary>
    private static string Normal(Kernel kernel, string result) =>
        kernel.Result == ValueType.F64 ? double.Parse(result, CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture) : result;

    private static string Ratio(KernelTimes row, string over, string under) =>
        row.Milliseconds.TryGetValue(over, out var top) && row.Milliseconds.TryGetValue(under, out var bottom) ? Number(top / bottom) : "–";

    private static string Mean(List<KernelTimes> rows, string over, string under) =>
        rows.Count > 0 && rows.TrueForAll(row => row.Milliseconds.ContainsKey(over) && row.Milliseconds.ContainsKey(under))
            ? Number(Math.Exp(rows.Average(row => Math.Log(row.Milliseconds[over] / row.Milliseconds[under]))))
            : "–";

    private static string Number(double value) => value.ToString(value < 10 ? "0.00" : "0.0", CultureInfo.InvariantCulture);
}
