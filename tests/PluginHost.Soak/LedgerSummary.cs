namespace PluginHost.Soak;

/// <summary>What an audit looked at.</summary>
/// <param name="Acknowledged">Uploads that had to be there.</param>
/// <param name="Deleted">Those whose deletion was acknowledged.</param>
/// <param name="Refused">Those that were refused or cut off.</param>
/// <param name="Unanswered">Those that could be there or not.</param>
/// <param name="Present">How many are there now.</param>
internal sealed record LedgerSummary(string Occasion, int Acknowledged, int Deleted, int Refused, int Unanswered, int Present);
