using System.Text.Json;
using PluginHost.Cli.Server;

namespace PluginHost.Cli.Output;

/// <summary>A module was built.</summary>
internal sealed record BuiltEvent(string File, long Size, string Go)
{
    public string Event { get; } = "built";
}

/// <summary>A module was uploaded.</summary>
internal sealed record PushedEvent(string Plugin, int Version, string Digest, bool Created)
{
    public string Event { get; } = "pushed";
}

/// <summary>An export was called while <c>dev</c> runs.</summary>
internal sealed record AnsweredEvent(string Export, JsonElement Answer)
{
    public string Event { get; } = "answered";
}

/// <summary>A step of <c>dev</c> failed, and it goes on.</summary>
internal sealed record FailedEvent(Problem Problem)
{
    public string Event { get; } = "failed";
}

/// <summary>A key was ended.</summary>
internal sealed record RevokedEvent(string Key)
{
    public string Event { get; } = "revoked";
}
