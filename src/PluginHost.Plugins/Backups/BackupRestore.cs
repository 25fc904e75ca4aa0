using Dapper;
using Microsoft.Data.Sqlite;
using PluginHost.Plugins.Catalog;

namespace PluginHost.Plugins.Backups;

/// <summary>Puts a backup into an empty data directory, for a server that is not running.</summary>
public static class BackupRestore
{
    /// <summary>What stands in the root of a new file system.</summary>
    private const string FileSystemsOwn = "lost+found";

    /// <exception cref="PluginHostStartException">The directory is not empty or cannot be written, or the archive is damaged or newer: the directory is as it was.</exception>
    public static async Task<BackupManifest> RunAsync(Stream archive, string directory, CancellationToken cancellation)
    {
        var path = Path.GetFullPath(directory);

        if (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any(entry => Path.GetFileName(entry) != FileSystemsOwn))
            throw new PluginHostStartException($"The data directory '{path}' is not empty. A backup is restored into an empty one: move what is there away, or name another by PluginHost:DataDirectory.", StartFailure.DataDirectory);

        using var data = new DataDirectory(path);
        data.Open();
        var isDone = false;

        try
        {
            var files = new ModuleFiles(data);
            var catalog = Path.Combine(data.Incoming, "catalog.db");
            var manifest = await BackupArchive.ReadAsync(archive, (file, isCatalog) => Create(isCatalog ? catalog : files.PathOf(file.Digest)), cancellation);

            Check(catalog, manifest);

            // Last, so that a directory with modules and without a catalog is known as one that was not finished.
            foreach (var folder in Directory.EnumerateDirectories(data.Modules))
                DurableFiles.FlushDirectory(folder);

            DurableFiles.FlushDirectory(data.Modules);
            File.Move(catalog, data.Catalog);
            DurableFiles.FlushDirectory(path);
            isDone = true;
            return manifest;
        }
        catch (DamagedBackupException exception)
        {
            throw new PluginHostStartException($"The backup cannot be restored: {exception.Message}", StartFailure.CatalogDamaged, exception);
        }
        finally
        {
            if (!isDone)
            {
                data.Dispose();

                foreach (var entry in Directory.EnumerateDirectories(path).Where(entry => Path.GetFileName(entry) != FileSystemsOwn))
                    Directory.Delete(entry, recursive: true);

                foreach (var entry in Directory.EnumerateFiles(path))
                    File.Delete(entry);
            }
        }
    }

    private static FileStream Create(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
    }

    /// <summary>The digests are right, and still whoever made the archive may have meant harm: the database must be one, and be whole.</summary>
    private static void Check(string catalog, BackupManifest manifest)
    {
        try
        {
            using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = catalog, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
            connection.Open();
            var version = connection.ExecuteScalar<long>("pragma user_version");

            if (version > CatalogSchema.Version)
                throw new PluginHostStartException($"The backup's catalog has schema version {version}, and this server knows versions up to {CatalogSchema.Version}: restore it with the newer one.", StartFailure.CatalogNewer);

            if (version == 0 || connection.ExecuteScalar<string>("pragma integrity_check(1)") != "ok")
                throw new DamagedBackupException("its catalog is damaged.");

            var there = manifest.Modules.Select(module => module.Digest).ToHashSet(StringComparer.Ordinal);
            there.ExceptWith(connection.Query<string>("select distinct digest from versions"));

            if (there.Count > 0)
                throw new DamagedBackupException($"it has {there.Count} modules that its catalog does not name.");
        }
        catch (SqliteException exception)
        {
            throw new DamagedBackupException($"its catalog is damaged: {exception.Message}", exception);
        }
    }
}
