using Microsoft.Extensions.Options;

namespace PluginHost.Plugins.Catalog;

/// <summary>What the data directory takes of the disk, and whether it may take more. What makes it smaller is always welcome, and is not asked about here.</summary>
internal sealed class DiskSpace(DataDirectory data, ModuleFiles files, IOptions<PluginHostOptions> options)
{
    private readonly PluginHostLimits _limits = options.Value.Limits;

    /// <summary>The modules and the database, in bytes.</summary>
    public long Used => files.Bytes + Length(data.Catalog) + Length(data.Catalog + "-wal");

    /// <summary>What others, and this server, can still write, in bytes.</summary>
    public long Free => new DriveInfo(data.Path).AvailableFreeSpace;

    /// <summary>Why so many bytes more may not be written, or null.</summary>
    public PluginFailure? Refusal(long bytes)
    {
        if (_limits.DiskBytes is { } limit && Used is var used && used + bytes > limit)
            return Full($"The server's data takes {used} of {limit} bytes (PluginHost:Limits:DiskBytes), and this would be {bytes} more.");

        return _limits.FreeDiskBytes > 0 && Free is var free && free - bytes < _limits.FreeDiskBytes
            ? Full($"The disk has {free} bytes left, this would be {bytes}, and {_limits.FreeDiskBytes} stay free (PluginHost:Limits:FreeDiskBytes).")
            : null;
    }

    private static PluginFailure Full(string detail) => new(FailureCode.DiskQuota, $"{detail} Nothing was changed; delete plugins or versions that nobody needs.");

    private static long Length(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : 0;
}
