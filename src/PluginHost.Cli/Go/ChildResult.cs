namespace PluginHost.Cli.Go;

/// <summary>How a program ended and what it wrote.</summary>
internal sealed record ChildResult(int ExitCode, string Output, string Error);
