using Dapper;
using Microsoft.Data.Sqlite;
using PluginHost.Plugins.Access;
using PluginHost.Plugins.Auditing;
using PluginHost.Plugins.Catalog;
using PluginHost.Plugins.Manifests;

namespace PluginHost.Plugins.Tests.Catalog;

public sealed class CatalogMigrationTests
{
    /// <summary>The schema of the first release, with what a server of that time wrote.</summary>
    private const string First =
        """
        create table plugins (name text not null primary key, configuration text not null, revision integer not null, next_ordinal integer not null,
            created_at integer not null, updated_at integer not null) strict, without rowid;
        create table versions (plugin text not null references plugins (name) on delete cascade, ordinal integer not null, digest text not null, size integer not null,
            uploaded_at integer not null, metadata text not null, primary key (plugin, ordinal), unique (plugin, digest)) strict, without rowid;
        create index versions_by_digest on versions (digest);
        create table aliases (plugin text not null, name text not null, ordinal integer not null, weight integer not null, primary key (plugin, name, ordinal),
            foreign key (plugin, ordinal) references versions (plugin, ordinal) on delete cascade) strict, without rowid;
        insert into plugins values ('calc', '{}', 3, 3, 0, 0);
        insert into versions values ('calc', 1, 'sha256:a', 5, 0, '{"exports":[{"name":"add","parameters":["i32"],"results":[]}],"imports":[],"dependencies":[],"buildSettings":{},"warnings":[]}');
        insert into versions values ('calc', 2, 'sha256:b', 6, 0, '{"exports":[],"imports":[],"dependencies":[],"buildSettings":{},"warnings":[]}');
        insert into aliases values ('calc', 'live', 2, 100);
        pragma user_version = 1;
        """;

    [Fact]
    public void Open_ACatalogOfTheFirstRelease_KeepsPluginsVersionsAndAliases()
    {
        using var directory = new TemporaryDirectory();
        using var data = new DataDirectory(directory.Path);
        data.Open();

        using (var connection = new SqliteConnection($"Data Source={data.Catalog};Pooling=False"))
        {
            connection.Open();
            connection.Execute(First);
        }

        using var catalog = new PluginCatalog(data, new WriteTurns());
        catalog.Open();
        var plugin = Assert.Single(catalog.ReadAll());

        Assert.Equal(2, plugin.Plugin.Live);
        Assert.Equal(["sha256:a", "sha256:b"], plugin.Versions.Select(version => version.Digest));
        Assert.All(plugin.Versions, version => Assert.Null(version.ManifestDigest));
        Assert.All(plugin.Versions, version => Assert.Null(version.Signature));
        Assert.Equal("add", plugin.Versions[0].Metadata.Exports[0].Name);

        // The same bytes go in again with a manifest, and what refers to a version still goes with it.
        catalog.DeleteVersion("calc", 2);
        Assert.Null(Assert.Single(catalog.ReadAll()).Plugin.Live);
        Assert.Equal(3, catalog.AddVersion(plugin.Plugin, isNew: false, "sha256:a", 5, default, plugin.Versions[0].Metadata, new StoredManifest(new PluginManifest(1, "m"), "{}", "sha256:m")).Ordinal);
        Assert.Equal("{}", catalog.Manifest("calc", 3));
        Assert.Empty(new KeyTable(catalog).ReadAll());
        Assert.Empty(new AuditTable(catalog).Read(long.MaxValue, 10, null, null));
    }
}
