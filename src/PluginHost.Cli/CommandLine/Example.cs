namespace PluginHost.Cli.CommandLine;

/// <summary>A line of a command's help that runs as it stands, once those of the commands before it have run.</summary>
/// <param name="Line">For a POSIX shell.</param>
internal sealed record Example(string Line, string Meaning);
