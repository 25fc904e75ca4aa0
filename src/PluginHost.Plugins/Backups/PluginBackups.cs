using System.Security.Cryptography;
using Dapper;
using Microsoft.Data.Sqlite;
using PluginHost.Plugins.Catalog;

namespace PluginHost.Plugins.Backups;

/// <summary>Makes backups of a running server: the catalog as it is at one moment, stores and keys included, and every module that it names.</summary>
public sealed class PluginBackups
{
    private readonly DataDirectory _data;
    private readonly ModuleFiles _files;
    private readonly CatalogChanges _changes;
    private readonly PluginService _plugins;
    private int _isRunning;

    internal PluginBackups(DataDirectory data, ModuleFiles files, CatalogChanges changes, PluginService plugins)
    {
        _data = data;
        _files = files;
        _changes = changes;
        _plugins = plugins;
    }

    /// <summary>Makes a backup. One is made at a time: each takes the disk's attention, and room for a second catalog.</summary>
    /// <param name="begin">Called once it is known that there will be one, before the first byte.</param>
    /// <returns>Why there is none; null where it was written.</returns>
    public async Task<PluginFailure?> WriteAsync(Func<BackupManifest, Stream> begin, CancellationToken cancellation)
    {
        if (Interlocked.Exchange(ref _isRunning, 1) != 0)
            return new PluginFailure(FailureCode.BackupInProgress, "A backup is being made; one is made at a time.") { RetryAfter = TimeSpan.FromSeconds(5) };

        // Among the unfinished uploads, which the next start removes after a crash.
        var copy = Path.Combine(_data.Incoming, $"backup-{Guid.NewGuid():n}");

        try
        {
            // No module that the copy names is deleted before it was read.
            using var kept = _changes.KeepModules();
            var (schema, modules) = await Task.Run(() => Copy(copy), cancellation);
            var manifest = new BackupManifest(
                BackupManifest.CurrentFormat, _plugins.Describe().Version, schema, _changes.Now(), new BackupFile(await DigestAsync(copy, cancellation), new FileInfo(copy).Length), modules);

            await BackupArchive.WriteAsync(begin(manifest), manifest, file => file is null ? copy : _files.PathOf(file.Digest), cancellation);
            return null;
        }
        finally
        {
            foreach (var path in (string[])[copy, copy + "-wal", copy + "-shm", copy + "-journal"])
                File.Delete(path);

            Volatile.Write(ref _isRunning, 0);
        }
    }

    /// <summary>Copies the database while it is written to, by SQLite's own means.</summary>
    private (int Schema, IReadOnlyList<BackupFile> Modules) Copy(string path)
    {
        using var source = GroupedWrites.Connect(_data);
        using var target = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        target.Open();
        source.BackupDatabase(target);

        // A file by itself, without a log beside it.
        target.Execute("pragma journal_mode = delete");

        // What is missing on the disk is missing in the backup as well: an upload of the same bytes restores it in both.
        var modules = target.Query<(string Digest, long Size)>("select distinct digest, size from versions order by digest")
            .Where(module => new FileInfo(_files.PathOf(module.Digest)) is { Exists: true } file && file.Length == module.Size)
            .Select(module => new BackupFile(module.Digest, module.Size))
            .ToList();
        return ((int)target.ExecuteScalar<long>("pragma user_version"), modules);
    }

    private static async Task<string> DigestAsync(string path, CancellationToken cancellation)
    {
        await using var file = File.OpenRead(path);
        return "sha256:" + Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellation));
    }
}
