using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace PluginHost.WasiRun.Tests.GoLibrary;

/// <summary>One run of the library's tests: each package's are built once for all engines, and the results are kept for the table.</summary>
public sealed class GoLibrarySession : IDisposable
{
    private readonly TemporaryDirectory _binaries = new();
    private readonly ConcurrentDictionary<string, Lazy<Task<string>>> _built = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<PackageResult> _results = new();

    /// <summary>Gives the module of the package's tests.</summary>
    internal Task<string> BuildAsync(string package) =>
        _built.GetOrAdd(package, name => new Lazy<Task<string>>(() => BuildNowAsync(name))).Value;

    internal void Add(PackageResult result) => _results.Enqueue(result);

    public void Dispose()
    {
        _binaries.Dispose();

        if (GoPackages.TableFile is { } file)
            File.WriteAllText(file, Table());
    }

    private async Task<string> BuildNowAsync(string package)
    {
        var file = Path.Combine(_binaries.Path, package.Replace('/', '_') + ".wasm");
        await GoToolchain.BuildTestsAsync(package, file, GoToolchain.PackageFolder(package));
        return file;
    }

    private string Table()
    {
        var table = new StringBuilder("| package | engine | exit code | passed | failed | skipped by Go | left out |\n|---|---|---:|---:|---:|---:|---:|\n");

        foreach (var result in _results.OrderBy(result => result.Package, StringComparer.Ordinal).ThenBy(result => result.Engine, StringComparer.Ordinal))
        {
            table.Append(CultureInfo.InvariantCulture, $"| `{result.Package}` | {result.Engine} | {result.ExitCode} | {result.Passed:N0} | {result.Failed:N0} ");
            table.Append(CultureInfo.InvariantCulture, $"| {result.Skipped:N0} | {KnownFailures.Of(result.Engine, result.Package).Count} |\n");
        }

        return table.ToString();
    }
}
