namespace PluginHost.Wasm.SpecTests;

/// <summary>The committed list of assertions that need not be met: <c>exclusions.txt</c>.</summary>
internal static class Exclusions
{
    private static readonly Dictionary<string, string> Reasons = Read();

    /// <summary>Why the command at a place (<c>script.wast:12</c>) is excluded; null where it is not.</summary>
    public static string? Reason(string place) => Reasons.GetValueOrDefault(place);

    private static Dictionary<string, string> Read()
    {
        var reasons = new Dictionary<string, string>(StringComparer.Ordinal);

        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "exclusions.txt")).Where(line => line.Length > 0 && line[0] != '#'))
        {
            reasons.Add(
                line.Split('\t')[0],
                line.Split('\t') is [_, { Length: > 0 } why, { Length: > 0 }] ? why : throw new InvalidOperationException($"exclusions.txt: '{line}' lacks its reason or what would remove it"));
        }

        return reasons;
    }
}
