using System.Diagnostics;
using System.Globalization;

namespace PluginHost.Benchmarks;

/// <summary>Go kernels on the interpreter beside V8 after it has optimised them.</summary>
internal static class KernelBenchmark
{
    private const int WarmUps = 3;

    public static void Run(BenchmarkOptions options, Report report)
    {
        var kernels = Kernel.All.Where(kernel => options.Wants(Name(kernel))).ToList();

        if (kernels.Count == 0)
            return;

        using var guest = new Guest(Guest.Prepare(Repository.Sample("kernels")));
        using var node = NodeEngine.TryStart();

        node?.Load(Repository.SamplePath("kernels"));
        node?.Instantiate();

        foreach (var kernel in kernels)
        {
            List<double> ours = [], other = [];
            var size = kernel.Size.ToString(CultureInfo.InvariantCulture);

            guest.Call(kernel.Export, (ulong)(kernel.Size / 10));

            for (var warmUp = 0; warmUp < WarmUps; warmUp++)
                node?.Call(kernel.Export, 3, ("i32", size));

            for (var round = 0; round < options.Rounds; round++)
            {
                var begin = Stopwatch.GetTimestamp();
                var bits = guest.Call(kernel.Export, (ulong)kernel.Size);

                ours.Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);

                if (node?.Call(kernel.Export, 1, ("i32", size)) is { } run)
                {
                    other.Add(run.Milliseconds);
                    RequireSame(kernel, bits, run.Result);
                }
            }

            report.Add(new Measurement(Name(kernel), "ms", Median.Of(ours), other.Count == 0 ? null : Median.Of(other), "node", "≤ 20 × V8"));
        }
    }

    private static string Name(Kernel kernel) => string.Create(CultureInfo.InvariantCulture, $"kernel {kernel.Export}({kernel.Size}) interpreted");

    /// <summary>A kernel that is fast because it is wrong must not make it into the table.</summary>
    private static void RequireSame(Kernel kernel, ulong bits, string result)
    {
        var same = kernel.Result switch
        {
            ValueType.I32 => (int)bits == int.Parse(result, CultureInfo.InvariantCulture),
            ValueType.I64 => (long)bits == long.Parse(result, CultureInfo.InvariantCulture),
            _ => bits == BitConverter.DoubleToUInt64Bits(double.Parse(result, CultureInfo.InvariantCulture)),
        };

        if (!same)
            throw new InvalidOperationException($"{kernel.Export}({kernel.Size}) gave 0x{bits:x} here and {result} in node.");
    }
}
