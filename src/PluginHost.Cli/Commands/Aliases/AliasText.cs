using System.Globalization;
using PluginHost.Cli.Output;
using PluginHost.Cli.Server;

namespace PluginHost.Cli.Commands.Aliases;

/// <summary>Aliases as people read and write them.</summary>
internal static class AliasText
{
    /// <summary>The versions with their weights; one alone needs none.</summary>
    public static string Of(ServerAlias alias) => string.Join(", ", alias.Targets.Select(target => alias.Targets.Count == 1
        ? string.Create(CultureInfo.InvariantCulture, $"version {target.Version}")
        : string.Create(CultureInfo.InvariantCulture, $"version {target.Version} weight {target.Weight}")));

    /// <summary>Reads <c>7</c> or <c>7=95</c>; null for what is neither.</summary>
    public static ServerAliasTarget? Target(string text)
    {
        var (version, weight) = text.Split('=') switch
        {
            [var only] => (only, "100"),
            [var left, var right] => (left, right),
            _ => ("", ""),
        };

        return int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var ordinal) && int.TryParse(weight, NumberStyles.None, CultureInfo.InvariantCulture, out var share)
            ? new ServerAliasTarget(ordinal, share)
            : null;
    }

    public static void Write(Terminal terminal, ServerAlias alias)
    {
        if (terminal.Json)
            terminal.WriteJson(alias, CliJsonContext.Default.ServerAlias);
        else
            terminal.WriteLine($"{alias.Name}: {Of(alias)}");
    }
}
