using System.Text.Json.Serialization;

namespace PluginHost.Plugins.Telemetry;

/// <summary>One line that a guest wrote.</summary>
/// <param name="Sequence">Counts a plugin's lines from 1.</param>
/// <param name="Stream"><c>stdout</c> or <c>stderr</c>, or <c>log</c> for a structured line.</param>
/// <param name="Invocation">The invocation that ran; 0 while the instance started.</param>
/// <param name="Instance">The instance's number, unique while the server runs.</param>
/// <param name="Level">A structured line's level, in the words of Go's log/slog; null for what was printed.</param>
/// <param name="Attributes">A structured line's attributes: one line of JSON, an object; null where there are none.</param>
public sealed record PluginLogLine(
    long Sequence,
    DateTimeOffset Time,
    string Stream,
    long Invocation,
    int Version,
    long Instance,
    string Text,
    string? Level = null,
    [property: JsonConverter(typeof(RawJsonConverter))] string? Attributes = null)
{
    /// <summary>What the line takes of the log, more or less.</summary>
    internal int Size => Text.Length + (Attributes?.Length ?? 0);
}
