namespace PluginHost.WasiRun.Tests.GoLibrary;

/// <summary>Every test of Go's that is left out, with the reason.</summary>
internal static class KnownFailures
{
    private static readonly KnownFailure[] s_all = [];

    public static IEnumerable<KnownFailure> Of(string package) => s_all.Where(failure => failure.Package == package);
}
