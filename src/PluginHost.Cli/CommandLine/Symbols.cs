using System.CommandLine;
using PluginHost.Cli.Completion;

namespace PluginHost.Cli.CommandLine;

/// <summary>Arguments and options that several commands have; each makes its own.</summary>
internal static class Symbols
{
    public static Argument<string> Folder() => new("FOLDER")
    {
        Description = "The folder with the plugin's go.mod",
        DefaultValueFactory = _ => ".",
    };

    public static Argument<string> Plugin()
    {
        var plugin = new Argument<string>("PLUGIN") { Description = "The plugin's name on the server", HelpName = "PLUGIN" };
        plugin.CompletionSources.Add(ServerCompletions.Plugins);
        return plugin;
    }

    public static Option<string?> PluginName() => new("--plugin")
    {
        Description = "The plugin's name on the server, if not the project's own",
        HelpName = "NAME",
    };

    public static Option<string?> Go() => new("--go")
    {
        Description = "The go command, if not the one on the PATH",
        HelpName = "FILE",
    };

    public static Option<bool> NoManifest() => new("--no-manifest")
    {
        Description = "Leave plugin.json as it is",
    };

    public static Option<string?> Body() => new("--body")
    {
        Description = "The whole body for a function from one body to another: text, @FILE, or @- for standard input; the answer is printed as it comes",
        HelpName = "TEXT",
    };

    public static Option<FileInfo> Configuration()
    {
        var configuration = new Option<FileInfo>("--config")
        {
            Description = "The plugin's configuration to set first, as JSON: limits, grants, values, secrets",
            HelpName = "FILE",
        };
        return configuration.AcceptExistingOnly();
    }

    public static Option<string?> Version() => new("--version")
    {
        Description = "A version by number, digest or alias, if not the live one",
        HelpName = "VERSION",
    };

    public static Option<int?> Deadline() => new("--deadline")
    {
        Description = "How long the call may take at most",
        HelpName = "MILLISECONDS",
    };
}
