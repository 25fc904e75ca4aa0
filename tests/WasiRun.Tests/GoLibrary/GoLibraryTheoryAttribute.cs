namespace PluginHost.WasiRun.Tests.GoLibrary;

/// <summary>A theory that is skipped, with the reason, where Go is not at hand.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class GoLibraryTheoryAttribute : TheoryAttribute
{
    public GoLibraryTheoryAttribute() => Skip = GoToolchain.Obstacle;
}
