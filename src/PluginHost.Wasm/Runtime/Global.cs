using PluginHost.Wasm.Modules;

namespace PluginHost.Wasm.Runtime;

/// <summary>A global instance (spec 4.2.9).</summary>
public sealed class Global
{
    public Global(GlobalType type, ulong value)
    {
        Type = type;
        throw new NotImplementedException();
    }

    public GlobalType Type { get; }

    /// <summary>The value as its bits: 32-bit ones zero-extended, references as in <see cref="Store"/>.</summary>
    public ulong Value
    {
        get => throw new NotImplementedException();
        set => throw new NotImplementedException();
    }
}
