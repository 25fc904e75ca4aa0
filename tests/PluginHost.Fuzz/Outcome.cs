namespace PluginHost.Fuzz;

/// <summary>What an executor saw of a module: one line for each call, and what its memory and its calls of the host came to.</summary>
/// <param name="Results">For each call the results' bits, or the kind of trap.</param>
/// <param name="State">A digest of the exported memory and of what the host was called with.</param>
internal sealed record Outcome(IReadOnlyList<string> Results, string State)
{
    /// <summary>Where the two differ; null where they do not.</summary>
    public string? Difference(Outcome other, IReadOnlyList<GuestCall> calls)
    {
        for (var i = 0; i < Math.Max(Results.Count, other.Results.Count); i++)
        {
            var (mine, theirs) = (Results.ElementAtOrDefault(i) ?? "nothing", other.Results.ElementAtOrDefault(i) ?? "nothing");

            if (mine != theirs)
                return $"{(i < calls.Count ? calls[i] : "instantiation")}: {mine} and {theirs}";
        }

        return State == other.State ? null : $"state: {State} and {other.State}";
    }
}
