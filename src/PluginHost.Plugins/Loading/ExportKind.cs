using System.Text.Json.Serialization;

namespace PluginHost.Plugins.Loading;

/// <summary>How a function is reached.</summary>
public enum ExportKind
{
    /// <summary>It is exported itself.</summary>
    [JsonStringEnumMemberName("export")]
    Export,

    /// <summary>It was registered with the SDK, whose dispatcher calls it.</summary>
    [JsonStringEnumMemberName("handler")]
    Handler,
}
