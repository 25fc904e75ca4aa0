using System.Diagnostics;
using System.Reflection;
using PluginHost.Plugins;
using YamlDotNet.RepresentationModel;

namespace PluginHost.Api.Tests.Deployment;

/// <summary>The files of <c>deploy/</c>, and what they must agree with.</summary>
internal static class DeployedFiles
{
    /// <summary>Settings that are not those of <see cref="PluginHostOptions"/>.</summary>
    private static readonly string[] Others = ["PluginHost__ApiKey", "PluginHost__Anonymous", "PluginHost__LogFormat", "PluginHost__Console", "PluginHost__Rehearsal"];

    public static string PathOf(string file) => Path.Combine(Repository.Root, file);

    public static string Read(string file) => File.ReadAllText(PathOf(file));

    public static YamlMappingNode Yaml(string file)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(Read(file)));
        return (YamlMappingNode)Assert.Single(stream.Documents).RootNode;
    }

    /// <summary>The node at a path of keys.</summary>
    public static YamlNode At(this YamlNode node, params string[] keys) => keys.Aggregate(node, (at, key) => ((YamlMappingNode)at).Children[key]);

    public static bool Has(this YamlNode node, string key) => ((YamlMappingNode)node).Children.ContainsKey(key);

    public static string Text(this YamlNode node) => ((YamlScalarNode)node).Value!;

    public static IReadOnlyList<string> Texts(this YamlNode node) => [.. ((YamlSequenceNode)node).Children.Select(Text)];

    /// <summary>Whether the server reads an environment variable: one that is misspelt is passed over without a word.</summary>
    public static bool IsSetting(string variable)
    {
        if (Others.Contains(variable, StringComparer.Ordinal))
            return true;

        if (!variable.StartsWith("PluginHost__", StringComparison.Ordinal))
            return variable is "ASPNETCORE_URLS" or "DOTNET_EnableDiagnostics" or "DOTNET_CLI_TELEMETRY_OPTOUT" or "DOTNET_RUNNING_IN_CONTAINER";

        var type = typeof(PluginHostOptions);

        foreach (var part in variable.Split("__")[1..])
        {
            if (type.GetProperty(part, BindingFlags.Public | BindingFlags.Instance) is not { } property)
                return false;

            type = property.PropertyType;
        }

        return true;
    }

    /// <summary>Runs a program that checks a file.</summary>
    public static async Task<(int Code, string Output)> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await process.WaitForExitAsync(patience.Token);
        return (process.ExitCode, await output + await errors);
    }
}
