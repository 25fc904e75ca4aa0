namespace PluginHost.Benchmarks;

/// <summary>One row of the table: medians of the same work on both sides.</summary>
/// <param name="Name">What was done.</param>
/// <param name="Unit">What both numbers count.</param>
/// <param name="Ours">PluginHost's median.</param>
/// <param name="Other">The median of what it is compared with; null where it was not there.</param>
/// <param name="OtherName">What it is compared with.</param>
/// <param name="Aim">What was aimed at, in words.</param>
internal sealed record Measurement(string Name, string Unit, double Ours, double? Other, string OtherName, string Aim)
{
    public double? Ratio => Ours / Other;
}
