namespace PluginHost.Benchmarks;

/// <summary>A computation of a sample, in a size that takes native Go a few milliseconds.</summary>
/// <param name="Module">The sample's name.</param>
internal sealed record Kernel(string Export, int Size, ValueType Result, string Module = "kernels")
{
    public static IReadOnlyList<Kernel> All { get; } =
    [
        new("fib", 32, ValueType.I64),
        new("sieve", 2_000_000, ValueType.I32),
        new("sha256", 4_096, ValueType.I64),
        new("jsonRoundTrip", 1_000, ValueType.I64),
        new("sort", 50_000, ValueType.I64),
        new("nbody", 50_000, ValueType.F64),
        new("mandelbrot", 300, ValueType.I32),
        new("binaryTrees", 15, ValueType.I64),
        new("map", 300_000, ValueType.I64),
        new("regexp", 3_000, ValueType.I64),
        new("strings", 20_000, ValueType.I64),
        new("pingPong", 10_000, ValueType.I64),
        new("matrix", 160, ValueType.F64),
        new("crc32", 32_768, ValueType.I64),
        new("bigIntegers", 4_000, ValueType.I64),
        new("httpHandler", 50, ValueType.I64, "handler"),
    ];
}
