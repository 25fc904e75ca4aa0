namespace PluginHost.Benchmarks;

/// <summary>The median times of a kernel by side, in milliseconds.</summary>
internal sealed record KernelTimes(string Kernel, IReadOnlyDictionary<string, double> Milliseconds);
