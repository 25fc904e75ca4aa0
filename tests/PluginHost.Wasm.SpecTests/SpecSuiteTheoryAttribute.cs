namespace PluginHost.Wasm.SpecTests;

/// <summary>A theory that is skipped, with the reason, where the suite is not at hand.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SpecSuiteTheoryAttribute : TheoryAttribute
{
    public SpecSuiteTheoryAttribute() => Skip = SpecSuite.Obstacle;
}
