using System.Collections.Immutable;
using Dapper;
using Microsoft.Data.Sqlite;
using PluginHost.Plugins.Aliases;
using PluginHost.Plugins.Catalog;
using PluginHost.Plugins.Loading;
using PluginHost.Plugins.Signatures;

namespace PluginHost.Plugins.Tests.Catalog;

public sealed class PluginCatalogTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    private static readonly ModuleMetadata Metadata = new(
        [new ExportDescription("add", ["i32", "i32"], ["i32"])],
        [new ImportDescription("wasi_snapshot_preview1", "fd_write", ["i32"], ["i32"])],
        "go1.24.4",
        "example/calc",
        new GoModule("example/calc", "(devel)", null),
        [new GoModule("example/dep", "v1.0.0", "h1:sum")],
        new Dictionary<string, string>(StringComparer.Ordinal) { ["GOARCH"] = "wasm" },
        ["a warning"]);

    private readonly TemporaryDirectory _directory = new();
    private readonly DataDirectory _data;
    private PluginCatalog _catalog;

    public PluginCatalogTests()
    {
        _data = new DataDirectory(_directory.Path);
        _data.Open();
        _catalog = new PluginCatalog(_data, new WriteTurns());
        _catalog.Open();
    }

    public void Dispose()
    {
        _catalog.Dispose();
        _data.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public void ReadAll_AfterReopening_GivesWhatWasWritten()
    {
        var configuration = new PluginConfiguration
        {
            Limits = new PluginLimits { MemoryBytes = 1 << 24, Fuel = 5 },
            Pool = new PoolConfiguration { Minimum = 0, Maximum = 3 },
            Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["A"] = "b" },
            Directories = [new DirectoryGrant("/srv", "/data", false)],
        };
        var plugin = NewPlugin("calc") with { Configuration = configuration, Revision = 3 };

        var signature = new ModuleSignature("sha256:cc", "ed25519", "AAAA");

        _catalog.AddVersion(plugin, isNew: true, "sha256:aa", 17, Noon.AddMinutes(1), Metadata, signature: signature);
        Reopen();
        var (read, versions) = Assert.Single(_catalog.ReadAll());

        Assert.Equal("calc", read.Name);
        Assert.Equal(3, read.Revision);
        Assert.Equal(Noon, read.CreatedAt);
        Assert.Equal(1, read.Live);
        Assert.Equal(1, read.VersionCount);
        Assert.Equal(configuration.Limits, read.Configuration.Limits);
        Assert.Equal(configuration.Pool, read.Configuration.Pool);
        Assert.Equal(configuration.Environment, read.Configuration.Environment);
        Assert.Equal(configuration.Directories, read.Configuration.Directories);

        var version = Assert.Single(versions);
        Assert.Equal(("calc", 1, "sha256:aa", 17L, Noon.AddMinutes(1)), (version.Plugin, version.Ordinal, version.Digest, version.Size, version.UploadedAt));
        Assert.Equal(signature, version.Signature);
        Assert.Equal(Metadata.Exports[0].Parameters, version.Metadata.Exports[0].Parameters);
        Assert.Equal(Metadata.Imports[0].Name, version.Metadata.Imports[0].Name);
        Assert.Equal(Metadata.MainModule, version.Metadata.MainModule);
        Assert.Equal(Metadata.Dependencies, version.Metadata.Dependencies);
        Assert.Equal(Metadata.BuildSettings, version.Metadata.BuildSettings);
        Assert.Equal(Metadata.Warnings, version.Metadata.Warnings);
    }

    [Fact]
    public void AddVersion_AfterTheNewestWasDeleted_DoesNotUseItsOrdinalAgain()
    {
        var plugin = NewPlugin("calc");

        var first = _catalog.AddVersion(plugin, isNew: true, "sha256:a", 1, Noon, Metadata).Ordinal;
        var second = _catalog.AddVersion(plugin, isNew: false, "sha256:b", 1, Noon, Metadata).Ordinal;
        _catalog.DeleteVersion("calc", second);
        var third = _catalog.AddVersion(plugin, isNew: false, "sha256:c", 1, Noon, Metadata).Ordinal;

        Assert.Equal([1, 2, 3], [first, second, third]);
        Assert.Equal(3, Assert.Single(_catalog.ReadAll()).Plugin.Live);
    }

    [Fact]
    public void AddVersion_ThatFailsInTheMiddle_LeavesNothing()
    {
        var plugin = NewPlugin("calc");
        _catalog.AddVersion(plugin, isNew: true, "sha256:a", 1, Noon, Metadata);

        Assert.Throws<SqliteException>(() => _catalog.AddVersion(plugin, isNew: false, "sha256:a", 1, Noon, Metadata));
        var next = _catalog.AddVersion(plugin, isNew: false, "sha256:b", 1, Noon, Metadata).Ordinal;

        Assert.Equal(2, next);
    }

    [Fact]
    public void Delete_Plugin_TakesItsVersionsAlong()
    {
        _catalog.AddVersion(NewPlugin("one"), isNew: true, "sha256:a", 1, Noon, Metadata);
        _catalog.AddVersion(NewPlugin("two"), isNew: true, "sha256:b", 1, Noon, Metadata);

        _catalog.Delete("one");

        Assert.Equal("two", Assert.Single(_catalog.ReadAll()).Plugin.Name);
        Assert.False(_catalog.References("sha256:a"));
        Assert.True(_catalog.References("sha256:b"));
    }

    [Fact]
    public void Open_CatalogOfANewerServer_IsRefused()
    {
        _catalog.Dispose();

        using (var connection = new SqliteConnection($"Data Source={_data.Catalog};Pooling=False"))
            connection.Execute("pragma user_version = 99");

        _catalog = new PluginCatalog(_data, new WriteTurns());

        Assert.Contains("newer", Assert.Throws<PluginHostStartException>(_catalog.Open).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_FileThatIsNoDatabase_IsRefused()
    {
        _catalog.Dispose();
        File.WriteAllText(_data.Catalog, new string('x', 10_000));
        _catalog = new PluginCatalog(_data, new WriteTurns());

        Assert.Throws<PluginHostStartException>(_catalog.Open);
    }

    [Fact]
    public void Open_CatalogThatWasLost_IsRefusedAndKeepsTheModules()
    {
        _catalog.Dispose();
        File.Delete(_data.Catalog);
        var module = Path.Combine(_data.Modules, "module.wasm");
        File.WriteAllText(module, "");
        _catalog = new PluginCatalog(_data, new WriteTurns());

        Assert.Contains("missing or empty", Assert.Throws<PluginHostStartException>(_catalog.Open).Message, StringComparison.Ordinal);
        Assert.True(File.Exists(module));
    }

    [Fact]
    public void ReadAll_RowThatIsDamaged_IsAReasonNotToStart()
    {
        _catalog.AddVersion(NewPlugin("one"), isNew: true, "sha256:a", 1, Noon, Metadata);

        using (var connection = new SqliteConnection($"Data Source={_data.Catalog};Pooling=False"))
            connection.Execute("update versions set metadata = '{'");

        Assert.Throws<PluginHostStartException>(_catalog.ReadAll);
    }

    [Fact]
    public void ReadAll_PagesThatAreDamaged_AreAReasonNotToStart()
    {
        _catalog.AddVersion(NewPlugin("one"), isNew: true, "sha256:a", 1, Noon, Metadata);
        _catalog.Dispose();
        var bytes = File.ReadAllBytes(_data.Catalog);
        bytes.AsSpan(4096).Clear();
        File.WriteAllBytes(_data.Catalog, bytes);
        Reopen();

        Assert.Throws<PluginHostStartException>(_catalog.ReadAll);
    }

    [Fact]
    public void Open_EveryOpening_KeepsTheSchemaVersion()
    {
        Reopen();

        using var connection = new SqliteConnection($"Data Source={_data.Catalog};Pooling=False");
        Assert.Equal(CatalogSchema.Version, connection.ExecuteScalar<int>("pragma user_version"));
        Assert.Equal("wal", connection.ExecuteScalar<string>("pragma journal_mode"));
    }

    private static Plugin NewPlugin(string name) => new(name, PluginConfiguration.Default, 1, Noon, Noon, ImmutableDictionary<string, Alias>.Empty, 0);

    private void Reopen()
    {
        _catalog.Dispose();
        _catalog = new PluginCatalog(_data, new WriteTurns());
        _catalog.Open();
    }
}
