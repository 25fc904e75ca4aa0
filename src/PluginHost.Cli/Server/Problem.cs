using System.Text.Json;
using System.Text.Json.Serialization;

namespace PluginHost.Cli.Server;

/// <summary>A problem (RFC 9457), of the server's or of the tool's own. Members that a newer server adds are kept and shown.</summary>
internal sealed record Problem
{
    public string? Type { get; init; }

    public string? Title { get; init; }

    public int? Status { get; init; }

    public string? Detail { get; init; }

    public string? Code { get; init; }

    /// <summary>The JSON pointer into the request's body.</summary>
    public string? Pointer { get; init; }

    /// <summary>The pointer in the user's words: which argument, and what was typed.</summary>
    public string? Argument { get; init; }

    public string? Signature { get; init; }

    /// <summary>Stands at the end of <see cref="Detail"/> already.</summary>
    public string? Hint { get; init; }

    public long? Offset { get; init; }

    public string? Function { get; init; }

    public IReadOnlyList<string>? Imports { get; init; }

    public IReadOnlyList<string>? Available { get; init; }

    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    public string? Trap { get; init; }

    public IReadOnlyList<string>? Stack { get; init; }

    public long? ExitCode { get; init; }

    public string? Panic { get; init; }

    public IReadOnlyList<string>? Stderr { get; init; }

    public string? Instance { get; init; }

    public long? Invocation { get; init; }

    /// <summary>The code that the plugin gave to its error.</summary>
    public string? PluginCode { get; init; }

    public JsonElement? PluginDetails { get; init; }

    /// <summary>Settable at any time, as the serializer wants it of such a member.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Others { get; set; }
}
