using System.Text.Json;
using PluginHost.Plugins;
using PluginHost.Plugins.Loading;
using PluginHost.Plugins.Telemetry;

namespace PluginHost.Api;

/// <summary>The bodies of the API that are not records of the plugins' own.</summary>
internal static class Contracts
{
    /// <summary>What a probe says.</summary>
    internal sealed record Health(string Status);

    /// <summary>A plugin's versions, the newest first.</summary>
    internal sealed record Versions(IReadOnlyList<PluginVersion> Items);

    /// <summary>The functions of the live version that can be called.</summary>
    internal sealed record Exports(int Version, IReadOnlyList<ExportDescription> Items);

    /// <summary>The kept lines of a plugin's log.</summary>
    internal sealed record Logs(IReadOnlyList<PluginLogLine> Lines);

    /// <summary>One invocation: an argument for each parameter.</summary>
    internal sealed record InvokeRequest(IReadOnlyList<JsonElement> Args);

    /// <summary>The results: none or one.</summary>
    internal sealed record InvokeResponse(IReadOnlyList<JsonElement> Results);

    /// <summary>Several invocations of one export: the arguments of each.</summary>
    internal sealed record BatchRequest(IReadOnlyList<IReadOnlyList<JsonElement>> Calls);

    /// <summary>A result or a problem for each call, in order.</summary>
    internal sealed record BatchResponse(IReadOnlyList<JsonElement> Results);

    /// <summary>What an upload of the bytes would say.</summary>
    internal sealed record ModuleReportResponse(bool Valid, string Digest, long Size, ModuleMetadata? Metadata, Problem? Problem);

    /// <summary>A problem (RFC 9457), with the members that apply.</summary>
    internal sealed record Problem(string Type, string Title, int Status, string Detail, string Code);
}
