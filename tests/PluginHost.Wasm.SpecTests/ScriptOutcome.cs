namespace PluginHost.Wasm.SpecTests;

/// <summary>What became of a script's commands.</summary>
internal sealed class ScriptOutcome
{
    public int Passed { get; set; }

    /// <summary>Commands that test a parser of the text format.</summary>
    public int NotApplicable { get; set; }

    /// <summary>Assertions that are not met, and need not be: see <see cref="Exclusions"/>.</summary>
    public int Excluded { get; set; }

    public List<string> Failures { get; } = [];

    public override string ToString() => $"{Passed} passed, {Failures.Count} failed, {Excluded} excluded, {NotApplicable} not applicable";
}
