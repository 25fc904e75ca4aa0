namespace PluginHost.Plugins.Telemetry;

/// <summary>One line that a guest wrote.</summary>
/// <param name="Sequence">Counts a plugin's lines from 1.</param>
/// <param name="Stream"><c>stdout</c> or <c>stderr</c>.</param>
/// <param name="Invocation">The invocation that ran; 0 while the instance started.</param>
/// <param name="Instance">The instance's number, unique while the server runs.</param>
public sealed record PluginLogLine(long Sequence, DateTimeOffset Time, string Stream, long Invocation, int Version, long Instance, string Text);
