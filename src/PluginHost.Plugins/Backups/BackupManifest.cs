namespace PluginHost.Plugins.Backups;

/// <summary>What a backup holds: its first entry, so that all the others can be checked against it.</summary>
/// <param name="Format">Of the archive; this server knows <see cref="CurrentFormat"/>.</param>
/// <param name="Schema">The version of the catalog's schema.</param>
/// <param name="Catalog">The database.</param>
/// <param name="Modules">Every module that the database names and that was there.</param>
public sealed record BackupManifest(int Format, string Server, int Schema, DateTimeOffset CreatedAt, BackupFile Catalog, IReadOnlyList<BackupFile> Modules)
{
    public const int CurrentFormat = 1;

    /// <summary>The names of the archive's entries.</summary>
    public const string ManifestEntry = "backup.json";
    public const string CatalogEntry = "catalog.db";
    public const string ModuleFolder = "modules/";

    /// <summary>The bytes of all that it holds.</summary>
    public long Size => Catalog.Size + Modules.Sum(module => module.Size);
}
