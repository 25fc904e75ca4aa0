namespace PluginHost.WasiRun.Tests.GoLibrary;

/// <summary>Every test of Go's that is left out. Those that Go itself skips on WASI are not among them.</summary>
internal static class KnownFailures
{
    private static readonly KnownFailure[] s_all =
    [
        new("os", "^TestFile(Readdirnames|ReadDir|Readdir)$", "They look for LICENSE and CONTRIBUTING.md at Go's root, which Debian's packages leave out; they pass with Go's own archive.")
        {
            Applies = go => !File.Exists(Path.Combine(go.Root, "LICENSE")),
        },
        new("time", "^TestLongAdjustTimers$", "It gives itself 60 seconds and takes 44 of an idle processor interpreted (node: 4.5); a faster engine passes it.", "interpreter"),
    ];

    public static IReadOnlyList<KnownFailure> Of(string engine, string package) =>
        [.. s_all.Where(failure => failure.Package == package && (failure.Engine is null || failure.Engine == engine) && failure.Applies(GoToolchain.Go))];
}
