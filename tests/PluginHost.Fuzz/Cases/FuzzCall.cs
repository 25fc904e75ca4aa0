using PluginHost.Wasm.Modules;

namespace PluginHost.Fuzz.Cases;

/// <summary>One call of an export.</summary>
/// <param name="Arguments">As bits, 32-bit ones in the low half.</param>
internal sealed record FuzzCall(string Export, FunctionType Type, ulong[] Arguments)
{
    public override string ToString() => $"{Export}({string.Join(", ", Arguments.Select((bits, i) => Bits.Format(bits, Type.Parameters[i])))})";
}
