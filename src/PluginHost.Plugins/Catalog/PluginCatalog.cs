using System.Collections.Immutable;
using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;
using PluginHost.Plugins.Aliases;
using PluginHost.Plugins.Auditing;
using PluginHost.Plugins.Loading;
using PluginHost.Plugins.Manifests;
using PluginHost.Plugins.Signatures;
using Polly;
using Polly.Retry;

namespace PluginHost.Plugins.Catalog;

/// <summary>
/// The plugins, versions and aliases on the disk. Everything is read once, at the start; from then on the server answers from memory and comes here to
/// write. When a method returns, what it wrote survives a crash.
/// </summary>
internal sealed class PluginCatalog(DataDirectory data, WriteTurns turns) : IDisposable
{
    private const int BusyCode = 5;
    private const int LockedCode = 6;

    private readonly Lock _gate = new();
    private readonly ResiliencePipeline _retry = new ResiliencePipelineBuilder()
        .AddRetry(new RetryStrategyOptions
        {
            // A backup or a look with the sqlite3 shell can hold the database for a moment.
            ShouldHandle = new PredicateBuilder().Handle<SqliteException>(exception => exception.SqliteErrorCode is BusyCode or LockedCode),
            BackoffType = DelayBackoffType.Exponential,
            Delay = TimeSpan.FromMilliseconds(20),
            MaxRetryAttempts = 5,
            UseJitter = true,
        })
        .Build();

    private SqliteConnection? _connection;

    /// <exception cref="PluginHostStartException">The database cannot be opened or read.</exception>
    public void Open()
    {
        try
        {
            _connection = new SqliteConnection(new SqliteConnectionStringBuilder
            {
                DataSource = data.Catalog,
                Mode = SqliteOpenMode.ReadWriteCreate,
                Pooling = false,
                DefaultTimeout = 5,
            }.ToString());
            _connection.Open();
            _connection.Execute("pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; pragma busy_timeout = 5000;");

            // A catalog without plugins makes every module an orphan, and orphans are deleted: a new one beside modules is a lost one.
            if (CatalogSchema.IsNew(_connection) && Directory.EnumerateFiles(data.Modules, "*", SearchOption.AllDirectories).Any())
                throw new PluginHostStartException($"The catalog '{data.Catalog}' is missing or empty, but there are modules in '{data.Modules}'. Put the catalog back, or remove the modules to begin anew.", StartFailure.CatalogDamaged);

            CatalogSchema.Migrate(_connection);
        }
        catch (SqliteException exception)
        {
            throw CatalogFailures.Describe(data.Catalog, "cannot be opened", exception);
        }
    }

    /// <summary>Everything there is.</summary>
    /// <exception cref="PluginHostStartException">The database is damaged.</exception>
    public IReadOnlyList<CatalogPlugin> ReadAll()
    {
        try
        {
            return Execute(ReadAll);
        }
        catch (Exception exception) when (exception is SqliteException or JsonException)
        {
            throw CatalogFailures.Describe(data.Catalog, "cannot be read", exception);
        }
    }

    public void Insert(Plugin plugin)
    {
        AuditDraft.Current?.Revisions(null, plugin.Revision);
        Write((connection, transaction) => Insert(connection, transaction, plugin));
    }

    public void UpdateConfiguration(Plugin plugin)
    {
        AuditDraft.Current?.Revisions(plugin.Revision - 1, plugin.Revision);
        Write((connection, transaction) => connection.Execute(
            "update plugins set configuration = @Configuration, revision = @Revision, updated_at = @UpdatedAt where name = @Name",
            Parameters(plugin),
            transaction));
    }

    public void Delete(string plugin) => Write((connection, transaction) =>
        connection.Execute("delete from plugins where name = @plugin", new { plugin }, transaction));

    /// <summary>Adds a version under the next ordinal, and makes the plugin where it is new.</summary>
    /// <param name="activates">Whether <c>live</c> points at it from now on.</param>
    /// <returns>The ordinal, and what <c>live</c> is now; null where it was left as it is.</returns>
    public (int Ordinal, Alias? Live) AddVersion(Plugin plugin, bool isNew, string digest, long size, DateTimeOffset uploadedAt, ModuleMetadata metadata, StoredManifest? manifest = null, bool activates = true, ModuleSignature? signature = null)
    {
        (int Ordinal, Alias? Live) added = default;

        Write((connection, transaction) =>
        {
            added = AddVersion(connection, transaction, plugin, isNew, digest, size, uploadedAt, metadata, manifest, activates, signature);
            AuditDraft.Current?.Revisions(isNew ? null : plugin.Revision, plugin.Revision);
            AuditDraft.Current?.Describe($"version {added.Ordinal}, {digest}{(signature is null ? "" : $", signed by {signature.KeyId}")}");
        });
        return added;
    }

    public void DeleteVersion(string plugin, int ordinal)
    {
        AuditDraft.Current?.Describe($"version {ordinal}");
        Write((connection, transaction) => connection.Execute("delete from versions where plugin = @plugin and ordinal = @ordinal", new { plugin, ordinal }, transaction));
    }

    /// <summary>The manifest of a version as it was uploaded, or null.</summary>
    public string? Manifest(string plugin, int ordinal) => Execute(connection =>
        connection.ExecuteScalar<string?>("select manifest from versions where plugin = @plugin and ordinal = @ordinal", new { plugin, ordinal }));

    /// <summary>Whether any version of any plugin has these bytes.</summary>
    public bool References(string digest) =>
        Execute(connection => connection.ExecuteScalar<long>("select exists (select 1 from versions where digest = @digest)", new { digest })) != 0;

    public void Dispose()
    {
        lock (_gate)
        {
            _connection?.Dispose();
            _connection = null;
        }
    }

    private static List<CatalogPlugin> ReadAll(SqliteConnection connection)
    {
        var versions = connection
            .Query<VersionRow>("select plugin, ordinal, digest, size, uploaded_at as UploadedAt, metadata, manifest_digest as ManifestDigest, signature from versions order by plugin, ordinal")
            .ToLookup(row => row.Plugin, ToVersion, StringComparer.Ordinal);
        var aliases = AliasTable.ReadAll(connection);

        return connection
            .Query<PluginRow>("select name, configuration, revision, created_at as CreatedAt, updated_at as UpdatedAt from plugins order by name")
            .Select(row => new CatalogPlugin(ToPlugin(row, aliases[row.Name], [.. versions[row.Name]]), [.. versions[row.Name]]))
            .ToList();
    }

    private static void Insert(SqliteConnection connection, SqliteTransaction transaction, Plugin plugin) => connection.Execute(
        """
        insert into plugins (name, configuration, revision, next_ordinal, created_at, updated_at)
        values (@Name, @Configuration, @Revision, 1, @CreatedAt, @UpdatedAt)
        """,
        Parameters(plugin),
        transaction);

    private static (int Ordinal, Alias? Live) AddVersion(
        SqliteConnection connection,
        SqliteTransaction transaction,
        Plugin plugin,
        bool isNew,
        string digest,
        long size,
        DateTimeOffset uploadedAt,
        ModuleMetadata metadata,
        StoredManifest? manifest,
        bool activates,
        ModuleSignature? signature)
    {
        if (isNew)
            Insert(connection, transaction, plugin);

        var ordinal = (int)connection.ExecuteScalar<long>(
            "update plugins set next_ordinal = next_ordinal + 1 where name = @name returning next_ordinal - 1",
            new { name = plugin.Name },
            transaction);

        connection.Execute(
            """
            insert into versions (plugin, ordinal, digest, size, uploaded_at, metadata, manifest_digest, manifest, signature)
            values (@plugin, @ordinal, @digest, @size, @uploadedAt, @metadata, @manifestDigest, @manifest, @signature)
            """,
            new
            {
                plugin = plugin.Name,
                ordinal,
                digest,
                size,
                uploadedAt = uploadedAt.ToUnixTimeMilliseconds(),
                metadata = JsonSerializer.Serialize(metadata, PluginsJsonContext.Default.ModuleMetadata),
                manifestDigest = manifest?.Digest ?? "",
                manifest = manifest?.Text,
                signature = signature is null ? null : JsonSerializer.Serialize(signature, PluginsJsonContext.Default.ModuleSignature),
            },
            transaction);
        return (ordinal, activates ? AliasTable.Put(connection, transaction, plugin.Name, Plugin.LiveAlias, [new AliasTarget(ordinal)], uploadedAt) : null);
    }

    private static object Parameters(Plugin plugin) => new
    {
        plugin.Name,
        Configuration = JsonSerializer.Serialize(plugin.Configuration, PluginsJsonContext.Default.PluginConfiguration),
        plugin.Revision,
        CreatedAt = plugin.CreatedAt.ToUnixTimeMilliseconds(),
        UpdatedAt = plugin.UpdatedAt.ToUnixTimeMilliseconds(),
    };

    private static Plugin ToPlugin(PluginRow row, IEnumerable<Alias> aliases, IReadOnlyList<PluginVersion> versions) => new(
        row.Name,
        JsonSerializer.Deserialize(row.Configuration, PluginsJsonContext.Default.PluginConfiguration)!,
        row.Revision,
        DateTimeOffset.FromUnixTimeMilliseconds(row.CreatedAt),
        DateTimeOffset.FromUnixTimeMilliseconds(row.UpdatedAt),
        aliases.Where(alias => alias.Targets.All(target => versions.Any(version => version.Ordinal == target.Version))).ToImmutableDictionary(alias => alias.Name, StringComparer.Ordinal),
        versions.Count);

    private static PluginVersion ToVersion(VersionRow row) => new(
        row.Plugin,
        (int)row.Ordinal,
        row.Digest,
        row.Size,
        DateTimeOffset.FromUnixTimeMilliseconds(row.UploadedAt),
        JsonSerializer.Deserialize(row.Metadata, PluginsJsonContext.Default.ModuleMetadata)!,
        row.ManifestDigest.Length == 0 ? null : row.ManifestDigest)
    {
        Signature = row.Signature is null ? null : JsonSerializer.Deserialize(row.Signature, PluginsJsonContext.Default.ModuleSignature),
    };

    /// <summary>Makes a change in one transaction, and in the same one the audit log's entry of whoever asked for it.</summary>
    /// <param name="isAudited">False for what nobody asked for.</param>
    internal void Write(Action<SqliteConnection, SqliteTransaction> write, bool isAudited = true) => turns.Catalog(() => Execute(connection =>
    {
        using var transaction = connection.BeginTransaction(deferred: false);

        write(connection, transaction);

        if (!isAudited || AuditDraft.Current is not { IsWritten: false } draft)
        {
            transaction.Commit();
            return 0;
        }

        AuditTable.Insert(connection, transaction, draft, AuditTable.Done);
        transaction.Commit();
        draft.IsWritten = true;
        return 0;
    }));

    /// <summary>Reads what was committed.</summary>
    internal T Read<T>(Func<SqliteConnection, T> read) => Execute(read);

    private T Execute<T>(Func<SqliteConnection, T> work)
    {
        lock (_gate)
        {
            var connection = _connection ?? throw new InvalidOperationException("The catalog is not open.");
            return _retry.Execute(() => work(connection));
        }
    }

    private sealed record PluginRow(string Name, string Configuration, long Revision, long CreatedAt, long UpdatedAt);

    private sealed record VersionRow(string Plugin, long Ordinal, string Digest, long Size, long UploadedAt, string Metadata, string ManifestDigest, string? Signature);
}
