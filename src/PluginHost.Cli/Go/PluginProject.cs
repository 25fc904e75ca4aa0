using PluginHost.Cli.CommandLine;
using PluginHost.Cli.Templates;
using PluginHost.Plugins;

namespace PluginHost.Cli.Go;

/// <summary>A folder with a plugin's source.</summary>
/// <param name="Folder">Its full path.</param>
/// <param name="Name">The last part of the module's path, which names the module's file too.</param>
internal sealed record PluginProject(string Folder, string Name)
{
    private const string ModuleFile = "go.mod";

    /// <summary>What <c>build</c> makes and <c>push</c> uploads.</summary>
    public FileInfo Wasm => new(Path.Combine(Folder, Name + ".wasm"));

    public FileInfo Manifest => new(Path.Combine(Folder, "plugin.json"));

    /// <summary>Whether it depends on the Go module for plugins.</summary>
    public bool UsesSdk() => File.ReadLines(Path.Combine(Folder, ModuleFile)).Any(line => line.Contains(EmbeddedSdk.Module, StringComparison.Ordinal));

    public static PluginProject Open(string folder)
    {
        var path = Path.GetFullPath(folder);
        var file = Path.Combine(path, ModuleFile);

        if (!File.Exists(file))
            throw ToolException.Usage($"'{folder}' is no folder of a plugin: it has no {ModuleFile}. 'pluginhost new NAME' makes one.");

        foreach (var line in File.ReadLines(file))
        {
            var words = line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);

            if (words is ["module", var module, ..])
                return new PluginProject(path, NameOf(module.Trim('"', '`')));
        }

        throw ToolException.Usage($"'{file}' has no line 'module PATH'.");
    }

    /// <summary>The name of the plugin on the server.</summary>
    /// <param name="wanted">What the user wants it to be; null for the project's own.</param>
    public string PluginNameOr(string? wanted)
    {
        if (PluginName.IsValid(wanted ?? Name))
            return wanted ?? Name;

        throw ToolException.Usage($"'{wanted ?? Name}' is no name for a plugin: those are 1 to 63 lower-case letters, digits and hyphens. --plugin NAME gives another.");
    }

    /// <summary>The last part that is no major version: <c>greeter</c> for <c>example.com/greeter/v2</c>.</summary>
    private static string NameOf(string module)
    {
        var parts = module.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var last = parts.Length > 1 && parts[^1] is ['v', .. var digits] && digits.All(char.IsAsciiDigit) ? parts[^2] : parts.LastOrDefault();
        var name = Path.GetFileName(last);
        return string.IsNullOrEmpty(name) || name.StartsWith('.') ? "plugin" : name;
    }
}
