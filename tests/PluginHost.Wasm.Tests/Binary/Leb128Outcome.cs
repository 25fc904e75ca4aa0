namespace PluginHost.Wasm.Tests.Binary;

/// <summary>What reading an integer came to.</summary>
/// <param name="Offset">Behind the integer, or where it was refused.</param>
/// <param name="Refusal">Why it was refused, or null.</param>
internal sealed record Leb128Outcome(long Value, long Offset, string? Refusal);
