namespace PluginHost.WasiRun.Tests.GoLibrary;

/// <summary>A test of Go's that is left out.</summary>
/// <param name="Pattern">Its name as <c>-test.skip</c> takes it.</param>
/// <param name="Reason">Why it fails, and what would have it pass.</param>
/// <param name="Engine">The engine that it fails on; null for every one.</param>
internal sealed record KnownFailure(string Package, string Pattern, string Reason, string? Engine = null)
{
    /// <summary>Whether it would fail with this Go, where that matters.</summary>
    public Func<GoInstallation, bool> Applies { get; init; } = _ => true;
}
