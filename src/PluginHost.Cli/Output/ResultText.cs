using System.Text.Json;
using PluginHost.Cli.Server;

namespace PluginHost.Cli.Output;

/// <summary>An answer with results: each on a line of its own, strings without quotes.</summary>
internal static class ResultText
{
    public static void Write(Terminal terminal, JsonElement answer)
    {
        if (terminal.Json)
        {
            terminal.WriteJson(answer, CliJsonContext.Default.JsonElement);
            return;
        }

        foreach (var result in Results(answer))
            terminal.WriteLine(result.ValueKind == JsonValueKind.String ? result.GetString()! : result.GetRawText());
    }

    /// <summary>The results in one line, for a line of a log.</summary>
    public static string Line(JsonElement answer) => string.Join(", ", Results(answer).Select(result => result.GetRawText()));

    private static IReadOnlyList<JsonElement> Results(JsonElement answer) =>
        answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty("results", out var results) && results.ValueKind == JsonValueKind.Array
            ? [.. results.EnumerateArray()]
            : [answer];
}
