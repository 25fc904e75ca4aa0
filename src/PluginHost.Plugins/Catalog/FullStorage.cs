using Microsoft.Data.Sqlite;

namespace PluginHost.Plugins.Catalog;

/// <summary>Tells the one failure of the data directory that its operator can end by deleting something from a bug.</summary>
public static class FullStorage
{
    private const int SqliteFull = 13;

    // ENOSPC and EDQUOT as Linux numbers them; Windows' ERROR_DISK_FULL.
    private static readonly int[] Codes = [28, 122, unchecked((int)0x80070070)];

    /// <summary>Whether an exception says that there is no room left where the catalog and the modules are.</summary>
    public static bool Explains(Exception exception) => exception switch
    {
        SqliteException sqlite => sqlite.SqliteErrorCode == SqliteFull,
        IOException io => Codes.Contains(io.HResult),
        _ => false,
    };
}
