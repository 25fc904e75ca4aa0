namespace PluginHost.Plugins.HostFunctions.Calls;

/// <summary>A plugin's call of an export of another plugin's.</summary>
/// <param name="Arguments">The body of an invocation, as the API has it.</param>
/// <param name="Deadline">What is left of the caller's own time.</param>
/// <param name="Chain">The invocations that led here.</param>
public sealed record PluginCall(string Plugin, string Export, ReadOnlyMemory<byte> Arguments, TimeSpan Deadline, CallChain Chain);
