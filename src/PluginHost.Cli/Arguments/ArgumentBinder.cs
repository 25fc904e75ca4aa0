using PluginHost.Cli.CommandLine;
using PluginHost.Cli.Server;

namespace PluginHost.Cli.Arguments;

/// <summary>Finds the parameter of each word of the command line: by name as <c>--name value</c> or <c>--name=value</c>, otherwise by position.</summary>
internal static class ArgumentBinder
{
    private const string Prefix = "--";

    /// <returns>A text for each parameter, in their order.</returns>
    public static IReadOnlyList<string> Bind(ServerExport export, IReadOnlyList<string> words)
    {
        var parameters = export.Parameters;
        var values = new string?[parameters.Count];
        var positional = new List<string>();

        // 1. Those with names.
        for (var i = 0; i < words.Count; i++)
        {
            var word = words[i];

            if (!word.StartsWith(Prefix, StringComparison.Ordinal) || word.Length == Prefix.Length)
            {
                positional.Add(word);
                continue;
            }

            var separator = word.IndexOf('=', StringComparison.Ordinal);
            var name = separator < 0 ? word[Prefix.Length..] : word[Prefix.Length..separator];
            var index = IndexOf(export, name);

            if (values[index] is not null)
                throw ToolException.Usage($"--{name} is there twice.");

            if (separator >= 0)
                values[index] = word[(separator + 1)..];
            else if (parameters[index].Type == "bool" && (i + 1 == words.Count || words[i + 1] is not ("true" or "false")))
                values[index] = "true";
            else if (++i < words.Count)
                values[index] = words[i];
            else
                throw ToolException.Usage($"--{name} needs a value, of type {parameters[index].Type}.");
        }

        // 2. The others, from the left.
        var given = words.Count == 0 ? 0 : positional.Count + values.Count(value => value is not null);
        var next = 0;

        for (var i = 0; i < values.Length && next < positional.Count; i++)
            values[i] ??= positional[next++];

        if (next < positional.Count || values.Contains(null))
            throw ToolException.Usage($"{given} argument(s) were given; the export takes {parameters.Count}: {export.Signature()}");

        return values!;
    }

    private static int IndexOf(ServerExport export, string name)
    {
        for (var i = 0; i < export.Parameters.Count; i++)
        {
            if (string.Equals(export.Parameters[i].Name, name, StringComparison.OrdinalIgnoreCase))
                return i;
        }

        throw ToolException.Usage(export.Parameters.Any(parameter => parameter.Name is not null)
            ? $"There is no parameter '{name}': {export.Signature()}"
            : $"There is no parameter '{name}': the plugin has no manifest that names parameters, so arguments go by position: {export.Signature()}");
    }
}
