namespace PluginHost.Wasm.Validation;

/// <summary>A well-formed module that is not valid (spec 3).</summary>
/// <param name="reason">What is wrong, without the place.</param>
/// <param name="offset">Where in the module's bytes.</param>
/// <param name="functionIndex">The function whose body is wrong, in the function index space; null outside function bodies.</param>
/// <param name="functionName">Its name by the name section, where there is one.</param>
public sealed class InvalidModuleException(string reason, long offset, uint? functionIndex = null, string? functionName = null)
    : Exception(functionIndex is { } index
        ? $"{reason} (in function {index}{(functionName is null ? "" : $" {functionName}")}, at offset 0x{offset:x})"
        : $"{reason} (at offset 0x{offset:x})")
{
    public string Reason { get; } = reason;

    public long Offset { get; } = offset;

    public uint? FunctionIndex { get; } = functionIndex;

    public string? FunctionName { get; } = functionName;
}
