using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using PluginHost.Plugins.Catalog;

namespace PluginHost.Plugins.HostFunctions.KeyValue;

/// <summary>
/// The key-value stores of all plugins, in the catalog's database beside the plugins they belong to. One thread writes: what waits when it comes is written
/// in one transaction, so that many instances share the disk's one flush. Readers see what was committed.
/// </summary>
internal sealed partial class KeyValueStore(DataDirectory data, WriteTurns turns, ILogger<KeyValueStore> logger) : IDisposable
{
    private const int MaximumBatch = 256;
    private const int Readers = 4;

    private readonly BlockingCollection<KeyValueWrite> _writes = [];
    private readonly ConcurrentBag<SqliteConnection> _idle = [];
    private readonly SemaphoreSlim _readers = new(Readers);
    private Thread? _writer;
    private volatile bool _isClosed;

    /// <summary>Begins to serve; the catalog must be open.</summary>
    public void Open()
    {
        _writer = new Thread(Write) { IsBackground = true, Name = "key-value writer" };
        _writer.Start();
    }

    /// <summary>Makes a change.</summary>
    /// <returns>The value's new version, 0 for a deletion, or an error; when it comes, the change is on the disk.</returns>
    public Task<HostResult> WriteAsync(KeyValueWrite write)
    {
        try
        {
            _writes.Add(write, CancellationToken.None);
        }
        catch (InvalidOperationException)
        {
            return Task.FromResult(HostResult.Error(HostError.Failed, "The server stops."));
        }

        return write.Completion.Task;
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
        _writes.CompleteAdding();
        _writer?.Join();
        _writes.Dispose();

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
                connection = Connect();

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

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = data.Catalog, Mode = SqliteOpenMode.ReadWrite, Pooling = false, DefaultTimeout = 5 }.ToString());

        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "pragma synchronous = full; pragma foreign_keys = on; pragma busy_timeout = 5000;";
        command.ExecuteNonQuery();
        return connection;
    }

    private void Write()
    {
        SqliteConnection? connection = null;
        var batch = new List<KeyValueWrite>();

        foreach (var first in _writes.GetConsumingEnumerable())
        {
            batch.Clear();
            batch.Add(first);

            while (batch.Count < MaximumBatch && _writes.TryTake(out var next))
                batch.Add(next);

            batch.RemoveAll(write => write.Cancellation.IsCancellationRequested && write.Completion.TrySetCanceled(write.Cancellation));

            try
            {
                connection ??= Connect();
                turns.Stores(() => Commit(connection, batch));
            }
            catch (SqliteException exception)
            {
                LogFailed(exception, batch.Count);
                connection?.Dispose();
                connection = null;

                foreach (var write in batch)
                    write.Completion.TrySetResult(HostResult.Error(HostError.Failed, "The store cannot be written now; nothing was changed."));
            }
        }

        connection?.Dispose();
    }

    private static void Commit(SqliteConnection connection, List<KeyValueWrite> batch)
    {
        if (batch.Count == 0)
            return;

        var results = new HostResult[batch.Count];

        using (var transaction = connection.BeginTransaction(deferred: false))
        {
            for (var i = 0; i < results.Length; i++)
                results[i] = KeyValueTransaction.Apply(connection, transaction, batch[i]);

            transaction.Commit();
        }

        for (var i = 0; i < results.Length; i++)
            batch[i].Completion.TrySetResult(results[i]);
    }

    [LoggerMessage(LogLevel.Error, "The key-value stores could not be written: {Writes} changes of guests failed")]
    private partial void LogFailed(Exception exception, int writes);
}
