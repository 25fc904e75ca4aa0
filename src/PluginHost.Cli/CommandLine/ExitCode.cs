namespace PluginHost.Cli.CommandLine;

/// <summary>How the tool ended. Scripts rely on the numbers; the help of the tool lists them.</summary>
internal enum ExitCode
{
    Ok = 0,

    /// <summary>The plugin's own failure: source that does not compile, a trap, an exit, its error result, a deadline that passed.</summary>
    PluginFailed = 1,

    /// <summary>The command line is wrong, or a file that it names.</summary>
    Usage = 2,

    /// <summary>No server answers at the address.</summary>
    Unreachable = 3,

    /// <summary>The server refused: the key, a name that is not there, a module that it cannot run, no capacity.</summary>
    Refused = 4,

    /// <summary>There is no Go, or none that is new enough.</summary>
    NoToolchain = 5,

    /// <summary>Ended by Ctrl-C: 128 and the number of SIGINT, as shells have it.</summary>
    Interrupted = 130,
}
