namespace PluginHost.Fuzz.Execution;

/// <summary>A host function that modules may import. What it does follows from its types, so that it can be made for every engine.</summary>
/// <param name="Answer">What it does besides logging its arguments.</param>
internal sealed record HostItem(string Name, ValueType[] Parameters, ValueType[] Results, HostAnswer Answer = HostAnswer.Digest);
