namespace PluginHost.Benchmarks;

/// <summary>A computation of the module <c>kernels</c>, in a size that takes V8 some tens of milliseconds.</summary>
internal sealed record Kernel(string Export, int Size, ValueType Result)
{
    public static IReadOnlyList<Kernel> All { get; } =
    [
        new("fib", 27, ValueType.I64),
        new("sieve", 2_000_000, ValueType.I32),
        new("sha256", 1_024, ValueType.I64),
        new("nbody", 20_000, ValueType.F64),
        new("sort", 50_000, ValueType.I64),
        new("matrix", 120, ValueType.F64),
        new("jsonRoundTrip", 300, ValueType.I64),
    ];
}
