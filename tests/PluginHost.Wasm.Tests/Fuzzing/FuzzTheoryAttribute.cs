using PluginHost.Fuzz;

namespace PluginHost.Wasm.Tests.Fuzzing;

/// <summary>A theory that is skipped, with the reason, where the oracles are not at hand.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FuzzTheoryAttribute : TheoryAttribute
{
    public FuzzTheoryAttribute() => Skip = Oracles.Obstacle;
}
