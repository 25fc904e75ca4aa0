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
    internal sealed record Problem(string Type, string Title, int Status, string Detail, string Code)
    {
        public static Problem Of(int status, string code, string title, string detail) => new($"urn:pluginhost:problem:{code}", title, status, detail, code);

        /// <summary>The scope that the caller lacks.</summary>
        public string? Scope { get; init; }

        /// <summary>The JSON pointer to the argument that is wrong.</summary>
        public string? Pointer { get; init; }

        /// <summary>The export's real name and type.</summary>
        public string? Signature { get; init; }

        /// <summary>What to do about it: a build command, for example.</summary>
        public string? Hint { get; init; }

        /// <summary>Where in the module's bytes.</summary>
        public long? Offset { get; init; }

        /// <summary>The function of the module whose body is not valid.</summary>
        public string? Function { get; init; }

        /// <summary>The imports that this server does not provide.</summary>
        public IReadOnlyList<string>? Imports { get; init; }

        /// <summary>What there is instead of what was not found.</summary>
        public IReadOnlyList<string>? Available { get; init; }

        /// <summary>What is wrong with a configuration, by JSON pointer.</summary>
        public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

        /// <summary>The host functions that the configuration does not grant.</summary>
        public IReadOnlyList<string>? Functions { get; init; }

        /// <summary>The configuration that would grant them, to be put; secrets that are null stay as they are.</summary>
        public PluginConfiguration? Configuration { get; init; }

        /// <summary>The plugin's own code for its error.</summary>
        public string? PluginCode { get; init; }

        /// <summary>What else the plugin says of its error.</summary>
        public JsonElement? PluginDetails { get; init; }

        /// <summary>The kind of trap.</summary>
        public string? Trap { get; init; }

        /// <summary>The plugin's stack at the trap, innermost first: names of wasm functions.</summary>
        public IReadOnlyList<string>? Stack { get; init; }

        /// <summary>What the plugin exited with.</summary>
        public long? ExitCode { get; init; }

        /// <summary>The first line of the plugin's panic.</summary>
        public string? Panic { get; init; }

        /// <summary>The last lines that the plugin wrote to stderr.</summary>
        public IReadOnlyList<string>? Stderr { get; init; }

        /// <summary>What became of the instance: returned or discarded.</summary>
        public string? Instance { get; init; }

        /// <summary>The number of the invocation, as in the plugin's log.</summary>
        public long? Invocation { get; init; }
    }
}
