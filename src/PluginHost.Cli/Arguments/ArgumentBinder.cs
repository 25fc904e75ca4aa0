using PluginHost.Cli.CommandLine;
using PluginHost.Cli.Server;

namespace PluginHost.Cli.Arguments;

/// <summary>Finds the parameter of each word of the command line: by name as <c>--name value</c> or <c>--name=value</c>, otherwise by position.</summary>
internal static class ArgumentBinder
{
    private const string Prefix = "--";

    /// <param name="isComplete">Whether every parameter must be given; otherwise null stands for those that are not.</param>
    /// <returns>A text for each parameter, in their order.</returns>
    public static IReadOnlyList<string?> Bind(string signature, IReadOnlyList<TypedName> parameters, IReadOnlyList<string> words, bool isComplete)
    {
        var values = new string?[parameters.Count];
        var positional = new List<string>();
        var given = 0;

        // 1. Those with names.
        for (var i = 0; i < words.Count; i++, given++)
        {
            var word = words[i];

            if (!IsName(word))
            {
                positional.Add(word);
                continue;
            }

            var separator = word.IndexOf('=', StringComparison.Ordinal);
            var name = separator < 0 ? word[Prefix.Length..] : word[Prefix.Length..separator];
            var index = IndexOf(signature, parameters, name);

            if (values[index] is not null)
                throw ToolException.Usage($"--{name} is there twice.");

            if (separator >= 0)
                values[index] = word[(separator + 1)..];
            else if (parameters[index].Type == "bool" && (i + 1 == words.Count || words[i + 1] is not ("true" or "false")))
                values[index] = "true";
            else if (++i < words.Count)
                values[index] = words[i];
            else
                throw ToolException.Usage($"--{name} needs a value of type {parameters[index].Type}.");
        }

        // 2. The others, from the left.
        var next = 0;

        for (var i = 0; i < values.Length && next < positional.Count; i++)
            values[i] ??= positional[next++];

        if (next < positional.Count || (isComplete && values.Contains(null)))
            throw ToolException.Usage($"{given} argument(s) were given, and {parameters.Count} are taken: {signature}");

        return values;
    }

    /// <summary>Whether a word names a parameter. A negative number does not.</summary>
    public static bool IsName(string word) => word.StartsWith(Prefix, StringComparison.Ordinal) && word.Length > Prefix.Length;

    private static int IndexOf(string signature, IReadOnlyList<TypedName> parameters, string name)
    {
        for (var i = 0; i < parameters.Count; i++)
        {
            if (string.Equals(parameters[i].Name, name, StringComparison.OrdinalIgnoreCase))
                return i;
        }

        throw ToolException.Usage(parameters.Any(parameter => parameter.Name is not null)
            ? $"There is no parameter '{name}': {signature}"
            : $"There is no parameter '{name}': no manifest names the parameters, so arguments go by position: {signature}");
    }
}
