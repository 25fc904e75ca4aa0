using System.CommandLine;

namespace PluginHost.Cli.CommandLine;

/// <summary>The options that every command has.</summary>
internal static class GlobalOptions
{
    public const string ServerVariable = "PLUGINHOST_URL";
    public const string KeyVariable = "PLUGINHOST_API_KEY";
    public const string DefaultServer = "http://127.0.0.1:5080";

    public static Option<string?> Server { get; } = new("--server")
    {
        Description = $"The server's address; else ${ServerVariable}, else {DefaultServer}",
        HelpName = "URL",
        Recursive = true,
    };

    public static Option<string?> Key { get; } = new("--key")
    {
        Description = $"The server's key; better in ${KeyVariable}, where other users of the machine cannot see it",
        HelpName = "KEY",
        Recursive = true,
    };

    public static Option<bool> Json { get; } = new("--json")
    {
        Description = "Results as JSON on standard output, problems as JSON on standard error",
        Recursive = true,
    };
}
