using System.Buffers;
using System.Security.Cryptography;

namespace PluginHost.Plugins.Catalog;

/// <summary>
/// The modules' bytes, in files named by their digest. A file appears under its name at once and whole, by a rename, and on the disk before the catalog
/// speaks of it; so what the catalog names is always there, and a file that it does not name is the remains of an upload that was cut off.
/// </summary>
internal sealed class ModuleFiles(DataDirectory data)
{
    private const string DigestPrefix = "sha256:";
    private const int BufferSize = 128 * 1024;

    private long _bytes;

    /// <summary>What all modules take.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Where the module of a digest is or would be.</summary>
    public string PathOf(string digest)
    {
        var hexadecimal = digest.AsSpan(DigestPrefix.Length);
        return Path.Combine(data.Modules, hexadecimal[..2].ToString(), string.Concat(hexadecimal[2..], ".wasm"));
    }

    /// <summary>Takes an upload in.</summary>
    /// <returns>Null when it is larger than <paramref name="maximumBytes"/>: no more than that was read.</returns>
    public async Task<IncomingModule?> ReceiveAsync(Stream body, long maximumBytes, CancellationToken cancellation)
    {
        var path = Path.Combine(data.Incoming, Guid.NewGuid().ToString("n"));
        var received = false;
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);

        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            using var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
            long size = 0;

            while (true)
            {
                var count = await body.ReadAsync(buffer, cancellation);

                if (count == 0)
                    break;

                if (size + count > maximumBytes)
                    return null;

                hash.AppendData(buffer, 0, count);
                RandomAccess.Write(file, buffer.AsSpan(0, count), size);
                size += count;
            }

            received = true;
            return new IncomingModule(path, DigestPrefix + Convert.ToHexStringLower(hash.GetHashAndReset()), size);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);

            if (!received)
                File.Delete(path);
        }
    }

    /// <summary>Writes a received module to the disk, which can go on while it is inspected.</summary>
    public static void Flush(IncomingModule incoming)
    {
        using var file = File.OpenHandle(incoming.Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        RandomAccess.FlushToDisk(file);
    }

    /// <summary>Gives a received and flushed module its name, on the disk. The same module twice is no error: it takes the place of a file that may be damaged.</summary>
    public void Publish(IncomingModule incoming)
    {
        var path = PathOf(incoming.Digest);
        var directory = Path.GetDirectoryName(path)!;

        if (!Directory.Exists(directory))
        {
            Directory.CreateDirectory(directory);
            DurableFiles.FlushDirectory(data.Modules);
        }

        var before = new FileInfo(path) is { Exists: true } present ? present.Length : 0;
        File.Move(incoming.Path, path, overwrite: true);
        Interlocked.Add(ref _bytes, incoming.Size - before);
        DurableFiles.FlushDirectory(directory);
    }

    /// <summary>Reads a module and makes sure that the bytes are still those that were validated once: the engine trusts them.</summary>
    /// <exception cref="IOException">The file is missing, cannot be read or has been changed.</exception>
    public byte[] Read(string digest)
    {
        var bytes = File.ReadAllBytes(PathOf(digest));

        if (!string.Equals(DigestPrefix + Convert.ToHexStringLower(SHA256.HashData(bytes)), digest, StringComparison.Ordinal))
            throw new IOException($"The stored module {digest} has been changed on the disk.");

        return bytes;
    }

    /// <summary>Whether a module's file is there with the bytes that were uploaded.</summary>
    public bool IsWhole(string digest)
    {
        try
        {
            using var file = File.OpenRead(PathOf(digest));
            return string.Equals(DigestPrefix + Convert.ToHexStringLower(SHA256.HashData(file)), digest, StringComparison.Ordinal);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    public void Delete(string digest)
    {
        var file = new FileInfo(PathOf(digest));

        if (!file.Exists)
            return;

        var size = file.Length;
        file.Delete();
        Interlocked.Add(ref _bytes, -size);
    }

    /// <summary>Removes what a crash may have left: unfinished uploads, and modules that the catalog does not name.</summary>
    /// <param name="catalogued">Digests and sizes that the catalog names.</param>
    public ModuleRecovery Recover(IReadOnlyDictionary<string, long> catalogued)
    {
        var unfinished = 0;
        var orphaned = 0;

        foreach (var path in Directory.EnumerateFiles(data.Incoming))
        {
            File.Delete(path);
            unfinished++;
        }

        var known = new Dictionary<string, string>(catalogued.Count, StringComparer.Ordinal);

        foreach (var digest in catalogued.Keys)
            known[PathOf(digest)] = digest;

        foreach (var path in Directory.EnumerateFiles(data.Modules, "*", SearchOption.AllDirectories))
        {
            if (known.ContainsKey(path))
            {
                _bytes += new FileInfo(path).Length;
                continue;
            }

            File.Delete(path);
            orphaned++;
        }

        var missing = known
            .Where(pair => new FileInfo(pair.Key) is var file && (!file.Exists || file.Length != catalogued[pair.Value]))
            .Select(pair => pair.Value)
            .ToList();

        return new ModuleRecovery(unfinished, orphaned, missing);
    }
}
