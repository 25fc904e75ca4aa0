namespace PluginHost.Fuzz.Mutation;

/// <summary>A difference between the engine and an oracle that is as it should be.</summary>
/// <param name="Reason">Why the engine does otherwise, or what is wrong with the oracle.</param>
/// <param name="Covers">Whether it explains the verdict.</param>
internal sealed record KnownDifference(string Reason, Func<Verdict, bool> Covers);
