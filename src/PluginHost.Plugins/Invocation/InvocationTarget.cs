using PluginHost.Wasm.Modules;

namespace PluginHost.Plugins.Invocation;

/// <summary>An export of a loaded version, ready to be called again and again.</summary>
public sealed class InvocationTarget
{
    internal InvocationTarget(LoadedVersion version, string export, int index, FunctionType type)
    {
        Version = version;
        Export = export;
        Index = index;
        Type = type;
    }

    public string Plugin => Version.Plugin.Name;

    /// <summary>The version's ordinal.</summary>
    public int Ordinal => Version.Ordinal;

    public string Export { get; }

    /// <summary>The export's own signature: numbers only.</summary>
    public FunctionType Type { get; }

    /// <summary>What an invocation may take at most.</summary>
    public TimeSpan Deadline => Version.Settings.Deadline;

    internal LoadedVersion Version { get; }

    /// <summary>The place in each instance's list of functions.</summary>
    internal int Index { get; }
}
