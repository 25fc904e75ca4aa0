using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using PluginHost.Plugins.Catalog;

namespace PluginHost.Plugins.HostFunctions.KeyValue;

/// <summary>
/// The key-value stores of all plugins, in the catalog's database beside the plugins they belong to. Readers see what was committed.
/// </summary>
internal sealed partial class KeyValueStore(DataDirectory data, GroupedWrites writes, DiskSpace space, ILogger<KeyValueStore> logger) : IDisposable
{
    private const int Readers = 4;

    private readonly ConcurrentBag<SqliteConnection> _idle = [];
    private readonly SemaphoreSlim _readers = new(Readers);
    private volatile bool _isClosed;

    /// <summary>Makes a change.</summary>
    /// <param name="cancellation">The guest was interrupted: what has not begun need not be done.</param>
    /// <returns>The value's new version, 0 for a deletion, or an error; when it comes, the change is on the disk.</returns>
    public async Task<HostResult> WriteAsync(KeyValueWrite write, CancellationToken cancellation)
    {
        if (write.Value is { } value && space.Refusal(value.Length) is { } full)
            return HostResult.Error(HostError.LimitReached, full.Detail);

        try
        {
            return await writes.WriteAsync((connection, transaction) => KeyValueTransaction.Apply(connection, transaction, write), cancellation);
        }
        catch (SqliteException exception)
        {
            LogFailed(write.Store.Plugin, exception.Message);
            return HostResult.Error(HostError.Failed, "The store cannot be written now; nothing was changed.");
        }
        catch (ObjectDisposedException)
        {
            return HostResult.Error(HostError.Failed, "The server stops.");
        }
    }

    /// <exception cref="OperationCanceledException">The guest was interrupted while others read.</exception>
    public StoredValue? Get(StoreName store, byte[] key, CancellationToken cancellation) => Read(
        connection =>
        {
            using var command = connection.CreateCommand();
            command.CommandText = "select e.value, e.version from store_entries e join plugins p on p.name = e.plugin where e.plugin = $plugin and e.key = $key and p.created_at = $created";
            Bind(command, store);
            command.Parameters.AddWithValue("$key", key);
            using var reader = command.ExecuteReader();
            return reader.Read() ? new StoredValue(reader.GetFieldValue<byte[]>(0), reader.GetInt64(1)) : null;
        },
        cancellation);

    /// <summary>Keys in the order of their bytes.</summary>
    public IReadOnlyList<StoredKey> List(StoreName store, byte[] prefix, byte[] after, int maximum, CancellationToken cancellation) => Read(
        connection =>
        {
            using var command = connection.CreateCommand();
            command.CommandText =
                """
                select e.key, e.version, e.length from store_entries e join plugins p on p.name = e.plugin
                where e.plugin = $plugin and p.created_at = $created and e.key > $after and e.key >= $prefix and ($end is null or e.key < $end)
                order by e.key limit $maximum
                """;
            Bind(command, store);
            command.Parameters.AddWithValue("$prefix", prefix);
            command.Parameters.AddWithValue("$after", after);
            command.Parameters.AddWithValue("$end", (object?)Behind(prefix) ?? DBNull.Value);
            command.Parameters.AddWithValue("$maximum", maximum);
            using var reader = command.ExecuteReader();
            var rows = new List<StoredKey>();

            while (reader.Read())
                rows.Add(new StoredKey(reader.GetFieldValue<byte[]>(0), reader.GetInt64(1), reader.GetInt64(2)));

            return rows;
        },
        cancellation);

    public void Dispose()
    {
        _isClosed = true;

        while (_idle.TryTake(out var connection))
            connection.Dispose();

        _readers.Dispose();
    }

    /// <summary>The first key behind all that begin with the prefix; null where there is none.</summary>
    private static byte[]? Behind(byte[] prefix)
    {
        for (var last = prefix.Length - 1; last >= 0; last--)
        {
            if (prefix[last] == 0xFF)
                continue;

            var behind = prefix[..(last + 1)];
            behind[last]++;
            return behind;
        }

        return null;
    }

    private static void Bind(SqliteCommand command, StoreName store)
    {
        command.Parameters.AddWithValue("$plugin", store.Plugin);
        command.Parameters.AddWithValue("$created", store.CreatedAt);
    }

    private T Read<T>(Func<SqliteConnection, T> read, CancellationToken cancellation)
    {
        _readers.Wait(cancellation);

        try
        {
            if (!_idle.TryTake(out var connection))
                connection = GroupedWrites.Connect(data);

            var result = read(connection);

            // One that failed is not used again.
            if (_isClosed)
                connection.Dispose();
            else
                _idle.Add(connection);

            return result;
        }
        finally
        {
            _readers.Release();
        }
    }

    [LoggerMessage(LogLevel.Error, "The store of {Plugin} could not be written: {Reason}")]
    private partial void LogFailed(string plugin, string reason);
}
