using System.Globalization;

namespace PluginHost.Wasm.SpecTests;

/// <summary>What came of the whole suite on one engine.</summary>
internal sealed record SuiteScore(string Engine, int Scripts, int ScriptsPassed, int Passed, int Failed, int Excluded, int NotApplicable)
{
    public const string Head = "| engine | scripts | assertions passed | failed | excluded | for text parsers |";

    public static SuiteScore Of(string engine, IReadOnlyCollection<ScriptOutcome> outcomes) => new(
        engine,
        outcomes.Count,
        outcomes.Count(outcome => outcome.Failures.Count == 0),
        outcomes.Sum(outcome => outcome.Passed),
        outcomes.Sum(outcome => outcome.Failures.Count),
        outcomes.Sum(outcome => outcome.Excluded),
        outcomes.Sum(outcome => outcome.NotApplicable));

    /// <summary>The row of the table that the README quotes.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"| {Engine} | {ScriptsPassed} of {Scripts} | {Passed:N0} | {Failed} | {Excluded} | {NotApplicable} |");
}
