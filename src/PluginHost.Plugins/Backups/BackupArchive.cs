using System.Buffers;
using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text.Json;

namespace PluginHost.Plugins.Backups;

/// <summary>
/// The archive of a backup: a tar file with the manifest, the catalog and the modules, in this order. Whoever reads one trusts nothing of it: only names that the
/// manifest gives are files, each once, and of the size and digest that it says.
/// </summary>
public static class BackupArchive
{
    private const int MaximumManifestBytes = 64 * 1024 * 1024;
    private const int MaximumModules = 1_000_000;
    private const int BufferBytes = 128 * 1024;

    private static readonly SearchValues<char> HexadecimalDigits = SearchValues.Create("0123456789abcdef");

    /// <summary>Reads an archive to its end and checks all of it.</summary>
    /// <param name="open">Gives what takes a file's bytes, by its digest and whether it is the catalog; null to check only.</param>
    /// <exception cref="DamagedBackupException">It is not whole, or not what it says; what was written is worth nothing.</exception>
    public static async Task<BackupManifest> ReadAsync(Stream archive, Func<BackupFile, bool, Stream>? open, CancellationToken cancellation)
    {
        try
        {
            await using var tar = new TarReader(archive, leaveOpen: true);
            var manifest = await ReadManifestAsync(tar, cancellation);
            var missing = manifest.Modules.ToDictionary(module => BackupManifest.ModuleFolder + module.Digest[7..], StringComparer.Ordinal);
            var isCatalogThere = false;

            while (await tar.GetNextEntryAsync(copyData: false, cancellation) is { } entry)
            {
                BackupFile? file;

                if (!isCatalogThere && entry.Name == BackupManifest.CatalogEntry)
                    (file, isCatalogThere) = (manifest.Catalog, true);
                else if (!missing.Remove(entry.Name, out file))
                    throw new DamagedBackupException($"The entry '{Shown(entry.Name)}' is not one that its manifest names, or is there twice.");

                await CopyAsync(entry, file, open?.Invoke(file, entry.Name == BackupManifest.CatalogEntry), cancellation);
            }

            if (!isCatalogThere || missing.Count > 0)
                throw new DamagedBackupException($"The archive ends too early: {(isCatalogThere ? $"{missing.Count} modules are" : "the catalog is")} not there.");

            return manifest;
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException or FormatException or JsonException or NotSupportedException)
        {
            throw new DamagedBackupException($"The archive cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>Writes an archive.</summary>
    /// <param name="path">Where a file is: the catalog, where it is given null.</param>
    internal static async Task WriteAsync(Stream archive, BackupManifest manifest, Func<BackupFile?, string> path, CancellationToken cancellation)
    {
        await using var tar = new TarWriter(archive, TarEntryFormat.Pax, leaveOpen: true);
        using var text = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(manifest, PluginsJsonContext.Default.BackupManifest));

        await WriteAsync(tar, BackupManifest.ManifestEntry, text, manifest.CreatedAt, cancellation);
        await WriteFileAsync(BackupManifest.CatalogEntry, path(null));

        foreach (var module in manifest.Modules)
            await WriteFileAsync(BackupManifest.ModuleFolder + module.Digest[7..], path(module));

        async Task WriteFileAsync(string name, string file)
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, BufferBytes, useAsync: true);
            await WriteAsync(tar, name, stream, manifest.CreatedAt, cancellation);
        }
    }

    private static Task WriteAsync(TarWriter tar, string name, Stream content, DateTimeOffset time, CancellationToken cancellation) => tar.WriteEntryAsync(
        new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = content, ModificationTime = time, Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite }, cancellation);

    private static async Task<BackupManifest> ReadManifestAsync(TarReader tar, CancellationToken cancellation)
    {
        if (await tar.GetNextEntryAsync(copyData: false, cancellation) is not { Name: BackupManifest.ManifestEntry, EntryType: TarEntryType.RegularFile, Length: > 0 and <= MaximumManifestBytes, DataStream: { } content })
            throw new DamagedBackupException($"The archive is no backup of this server: it does not begin with {BackupManifest.ManifestEntry}.");

        using var document = await JsonDocument.ParseAsync(content, cancellationToken: cancellation);

        if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("format", out var format) || !format.TryGetInt32(out var number))
            throw new DamagedBackupException($"{BackupManifest.ManifestEntry} does not say which format the archive has.");

        if (number != BackupManifest.CurrentFormat)
            throw new DamagedBackupException($"The archive has the format {number}, and this server knows {BackupManifest.CurrentFormat}: a newer one made it.");

        var manifest = document.Deserialize(PluginsJsonContext.Default.BackupManifest);

        if (manifest is not { Catalog: { } catalog, Modules: { Count: <= MaximumModules } modules } || !IsFile(catalog) || !modules.All(IsFile) || modules.DistinctBy(module => module.Digest, StringComparer.Ordinal).Count() != modules.Count)
            throw new DamagedBackupException($"{BackupManifest.ManifestEntry} names files that cannot be: each has a digest and a size, and is named once.");

        return manifest;
    }

    private static bool IsFile(BackupFile? file) =>
        file is { Size: >= 0, Digest: { Length: 71 } digest } && digest.StartsWith("sha256:", StringComparison.Ordinal) && !digest.AsSpan(7).ContainsAnyExcept(HexadecimalDigits);

    private static async Task CopyAsync(TarEntry entry, BackupFile file, Stream? output, CancellationToken cancellation)
    {
        await using var owned = output;

        if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile))
            throw new DamagedBackupException($"The entry '{Shown(entry.Name)}' is no file.");

        if (entry.Length != file.Size)
            throw new DamagedBackupException($"The entry '{Shown(entry.Name)}' has {entry.Length} bytes; its manifest says {file.Size}.");

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[BufferBytes];
        long copied = 0;

        while (entry.DataStream is { } content && await content.ReadAsync(buffer, cancellation) is > 0 and var count)
        {
            hash.AppendData(buffer, 0, count);
            copied += count;

            if (output is not null)
                await output.WriteAsync(buffer.AsMemory(0, count), cancellation);
        }

        if (copied != file.Size || "sha256:" + Convert.ToHexStringLower(hash.GetHashAndReset()) != file.Digest)
            throw new DamagedBackupException($"The entry '{Shown(entry.Name)}' is not what its digest says: the archive is damaged.");

        if (output is FileStream written)
            written.Flush(flushToDisk: true);
    }

    /// <summary>A name out of an archive may be anything, and long.</summary>
    private static string Shown(string name) => string.Concat(name.Take(100).Select(character => char.IsControl(character) ? '?' : character));
}
