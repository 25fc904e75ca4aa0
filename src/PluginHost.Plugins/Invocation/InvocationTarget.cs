using PluginHost.Wasm.Modules;

namespace PluginHost.Plugins.Invocation;

/// <summary>An export of a loaded version, ready to be called again and again.</summary>
public sealed class InvocationTarget
{
    internal InvocationTarget(LoadedVersion version, string export, int index, FunctionType type, CallSignature signature, int? handler = null)
    {
        Version = version;
        Export = export;
        Index = index;
        Type = type;
        Signature = signature;
        Handler = handler;
    }

    public string Plugin => Version.Plugin.Name;

    /// <summary>The version's ordinal.</summary>
    public int Ordinal => Version.Ordinal;

    public string Export { get; }

    /// <summary>The called function's own signature: numbers only.</summary>
    public FunctionType Type { get; }

    /// <summary>What callers give and get.</summary>
    public CallSignature Signature { get; }

    /// <summary>What an invocation may take at most.</summary>
    public TimeSpan Deadline => Version.Settings.Deadline;

    internal LoadedVersion Version { get; }

    /// <summary>The index that the SDK's dispatcher is given; null for an export.</summary>
    internal int? Handler { get; }

    /// <summary>The place in each instance's list of functions.</summary>
    internal int Index { get; }
}
