namespace PluginHost.Wasm.Binary;

/// <summary>Bytes that are not a module in the binary format (spec 5), or that exceed a <see cref="Modules.ModuleLimits"/> limit.</summary>
/// <param name="reason">What is wrong, without the place.</param>
/// <param name="offset">Where in the module's bytes.</param>
public sealed class MalformedModuleException(string reason, long offset) : Exception($"{reason} (at offset 0x{offset:x})")
{
    public string Reason { get; } = reason;

    public long Offset { get; } = offset;
}
