namespace PluginHost.Benchmarks;

/// <summary>One way to run the kernels.</summary>
/// <param name="Name">What it is called in the table.</param>
/// <param name="Call">Calls a kernel once: milliseconds, and the result as text that is the same on all sides.</param>
internal sealed record KernelSide(string Name, Func<Kernel, (double Milliseconds, string Result)> Call);
