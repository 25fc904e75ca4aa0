using PluginHost.Plugins.Signatures;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Plugins;

/// <summary>The settings of the section <c>PluginHost</c> that concern plugins.</summary>
public sealed class PluginHostOptions
{
    /// <summary>The configuration section that these settings are bound to.</summary>
    public const string Section = "PluginHost";

    /// <summary>Where the catalog and the modules are kept; a relative path starts at the working directory.</summary>
    public string DataDirectory { get; set; } = "data";

    /// <summary>
    /// How guests are run: the name of one of <see cref="ExecutionEngines.All"/>. A plugin's configuration can choose another, but not where this is the interpreter.
    /// </summary>
    public string Engine { get; set; } = ExecutionEngines.Default.Name;

    public PluginHostLimits Limits { get; set; } = new();

    /// <summary>Whose modules are taken in.</summary>
    public SignatureOptions Signatures { get; set; } = new();

    /// <summary>The host's directories that plugin configuration may grant, themselves or directories below them. None by default.</summary>
    public IList<string> GuestFileRoots { get; } = [];
}
