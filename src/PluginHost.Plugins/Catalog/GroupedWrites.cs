using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace PluginHost.Plugins.Catalog;

/// <summary>
/// Small changes of the catalog's database that come often: one thread writes what waits when it comes in one transaction, so that many share the disk's one
/// flush. What changes plugins, versions and aliases goes first and does not come here.
/// </summary>
internal sealed partial class GroupedWrites(DataDirectory data, WriteTurns turns, ILogger<GroupedWrites> logger) : IDisposable
{
    private const int MaximumBatch = 256;

    private readonly BlockingCollection<Waiting> _waiting = [];
    private Thread? _writer;

    /// <summary>Begins to serve; the catalog must be open.</summary>
    public void Open()
    {
        _writer = new Thread(Write) { IsBackground = true, Name = "grouped writes" };
        _writer.Start();
    }

    /// <summary>Makes a change.</summary>
    /// <param name="change">May run twice, the first time in vain: where another of its transaction fails, each is made in one of its own.</param>
    /// <param name="cancellation">Nobody waits any more: what has not begun need not be done.</param>
    /// <returns>What the change returned; when it comes, the change is on the disk.</returns>
    /// <exception cref="SqliteException">Nothing was changed.</exception>
    /// <exception cref="ObjectDisposedException">The server stops.</exception>
    public Task<T> WriteAsync<T>(Func<SqliteConnection, SqliteTransaction, T> change, CancellationToken cancellation = default)
    {
        var waiting = new Waiting<T>(change, cancellation);

        try
        {
            _waiting.Add(waiting, CancellationToken.None);
        }
        catch (InvalidOperationException)
        {
            return Task.FromException<T>(new ObjectDisposedException(nameof(GroupedWrites), "The server stops."));
        }

        return waiting.Task;
    }

    /// <summary>A connection of one's own to the database.</summary>
    public static SqliteConnection Connect(DataDirectory data)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = data.Catalog, Mode = SqliteOpenMode.ReadWrite, Pooling = false, DefaultTimeout = 5 }.ToString());

        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "pragma synchronous = full; pragma foreign_keys = on; pragma busy_timeout = 5000;";
        command.ExecuteNonQuery();
        return connection;
    }

    public void Dispose()
    {
        _waiting.CompleteAdding();
        _writer?.Join();
        _waiting.Dispose();
    }

    private void Write()
    {
        SqliteConnection? connection = null;
        var batch = new List<Waiting>();

        foreach (var first in _waiting.GetConsumingEnumerable())
        {
            batch.Clear();
            batch.Add(first);

            while (batch.Count < MaximumBatch && _waiting.TryTake(out var next))
                batch.Add(next);

            batch.RemoveAll(waiting => waiting.IsAbandoned());

            if (batch.Count > 0)
                Write(batch, ref connection);
        }

        connection?.Dispose();
    }

    private void Write(List<Waiting> batch, ref SqliteConnection? connection)
    {
        try
        {
            var open = connection ??= Connect(data);
            turns.Stores(() => Commit(open, batch));
            batch.ForEach(waiting => waiting.Complete());
        }
        catch (Exception exception) when (exception is SqliteException or InvalidOperationException)
        {
            // What the connection has begun is undone with it.
            connection?.Dispose();
            connection = null;

            if (batch is [{ } only])
            {
                LogFailed(exception);
                only.Fail(exception);
                return;
            }

            foreach (var waiting in batch)
                Write([waiting], ref connection);
        }
    }

    private static void Commit(SqliteConnection connection, List<Waiting> batch)
    {
        using var transaction = connection.BeginTransaction(deferred: false);

        foreach (var waiting in batch)
            waiting.Apply(connection, transaction);

        transaction.Commit();
    }

    [LoggerMessage(LogLevel.Error, "The database could not be written, and one change was not made")]
    private partial void LogFailed(Exception exception);

    private abstract class Waiting
    {
        public abstract bool IsAbandoned();

        public abstract void Apply(SqliteConnection connection, SqliteTransaction transaction);

        public abstract void Complete();

        public abstract void Fail(Exception exception);
    }

    private sealed class Waiting<T>(Func<SqliteConnection, SqliteTransaction, T> change, CancellationToken cancellation) : Waiting
    {
        // Who waits goes on elsewhere: the writer has others to serve.
        private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T? _result;

        public Task<T> Task => _completion.Task;

        public override bool IsAbandoned() => cancellation.IsCancellationRequested && _completion.TrySetCanceled(cancellation);

        public override void Apply(SqliteConnection connection, SqliteTransaction transaction) => _result = change(connection, transaction);

        public override void Complete() => _completion.TrySetResult(_result!);

        public override void Fail(Exception exception) => _completion.TrySetException(exception);
    }
}
