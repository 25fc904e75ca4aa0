using Microsoft.Data.Sqlite;

namespace PluginHost.Plugins.Catalog;

/// <summary>What keeps a server from its catalog at the start, and what its operator can do about it.</summary>
internal static class CatalogFailures
{
    private const int Busy = 5;
    private const int Locked = 6;
    private const int InputOutput = 10;
    private const int Corrupt = 11;
    private const int NotADatabase = 26;

    /// <summary>What the database needs beside its file before it can be opened.</summary>
    private const long Room = 256 * 1024;

    /// <param name="attempt">What was not possible: <c>cannot be opened</c>.</param>
    public static PluginHostStartException Describe(string path, string attempt, Exception exception)
    {
        var (failure, advice) = exception switch
        {
            _ when FullStorage.Explains(exception) => (StartFailure.StorageFull, "Make room on its disk."),
            SqliteException { SqliteErrorCode: InputOutput } when new DriveInfo(path).AvailableFreeSpace < Room => (StartFailure.StorageFull, "There is no room left on its disk: make some."),
            SqliteException { SqliteErrorCode: Busy or Locked } => (StartFailure.InUse, "Another process holds it: end that one, a shell or a backup for example."),
            SqliteException { SqliteErrorCode: Corrupt or NotADatabase } => (StartFailure.CatalogDamaged, "It is damaged: put a backup in the place of the data directory, or repair the file with 'sqlite3 catalog.db .recover'."),
            SqliteException { SqliteErrorCode: 1 } or System.Text.Json.JsonException => (StartFailure.CatalogDamaged, "It is not what this server has written: put a backup in the place of the data directory."),
            _ => (StartFailure.DataDirectory, "The server must be able to read and write the file and its directory."),
        };

        return new PluginHostStartException($"The catalog '{path}' {attempt}: {exception.Message.TrimEnd('.')}. {advice}", failure, exception);
    }
}
