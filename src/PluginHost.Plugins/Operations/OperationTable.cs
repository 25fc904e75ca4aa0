using System.Text.Json;
using Dapper;
using PluginHost.Plugins.Catalog;

namespace PluginHost.Plugins.Operations;

/// <summary>
/// Operations, and the answers to requests with an idempotency key, in the catalog's database. They are one table: such an answer is that of an operation
/// whose caller has waited for it.
/// </summary>
internal sealed class OperationTable(PluginCatalog catalog, GroupedWrites writes)
{
    private const string Columns =
        """
        id as Id, plugin as Plugin, caller as Caller, key as Key, fingerprint as Fingerprint, is_async as IsAsync, export as Export, state as State, status as Status,
        created_at as CreatedAt, started_at as StartedAt, ended_at as EndedAt
        """;

    /// <summary>All that had not ended when the server did, the oldest first.</summary>
    public IReadOnlyList<OperationRecord> ReadGoing() => catalog.Read(connection => connection
        .Query<Row>($"select {Columns} from operations where ended_at is null order by created_at, rowid").Select(ToRecord).ToList());

    public OperationRecord? Find(string plugin, string id) => catalog.Read(connection => connection
        .QuerySingleOrDefault<Row>($"select {Columns} from operations where id = @id and plugin = @plugin and is_async = 1", new { id, plugin }) is { } row ? ToRecord(row) : null);

    public OperationRecord? Find(IdempotencyKey key) => catalog.Read(connection => connection
        .QuerySingleOrDefault<Row>($"select {Columns} from operations where plugin = @Plugin and caller = @Caller and key = @Key", new { key.Plugin, key.Caller, key.Key }) is { } row ? ToRecord(row) : null);

    /// <param name="caller">Null for everybody's.</param>
    /// <param name="before">Only what was made before this one; null for all.</param>
    public IReadOnlyList<OperationRecord> List(string plugin, string? caller, long? before, int maximum) => catalog.Read(connection => connection
        .Query<Row>(
            $"""
            select {Columns}, rowid as Place from operations
            where plugin = @plugin and is_async = 1 and (@caller is null or caller = @caller) and (@before is null or rowid < @before)
            order by rowid desc limit @maximum
            """,
            new { plugin, caller, before, maximum })
        .Select(ToRecord)
        .ToList());

    public CallMessage? Message(string id) => catalog.Read(connection => connection.QuerySingleOrDefault<MessageRow>(
        "select request as Request, body as Body from operations where id = @id and request is not null", new { id })) is { } row
        ? JsonSerializer.Deserialize(row.Request, PluginsJsonContext.Default.CallMessage)! with { Body = row.Body ?? [] }
        : null;

    public CallAnswer? Answer(string id) => catalog.Read(connection => connection.QuerySingleOrDefault<AnswerRow>(
        "select status as Status, content_type as ContentType, version as Version, answer as Answer from operations where id = @id and status is not null", new { id })) is { } row
        ? new CallAnswer((int)row.Status, row.ContentType, row.Version, row.Answer ?? [])
        : null;

    /// <summary>Keeps an operation before anybody is told of it.</summary>
    /// <returns>Whether its plugin is still there.</returns>
    public Task<bool> InsertAsync(OperationRecord operation, CallMessage message, CancellationToken cancellation) => writes.WriteAsync(
        (connection, transaction) => connection.Execute(
            """
            insert into operations (id, plugin, caller, key, fingerprint, is_async, export, state, created_at, request, body, bytes)
            select @Id, @Plugin, @Caller, @Key, @Fingerprint, 1, @Export, @State, @CreatedAt, @request, @Body, @bytes
            where exists (select 1 from plugins where name = @Plugin)
            """,
            new
            {
                operation.Id,
                operation.Plugin,
                operation.Caller,
                operation.Key,
                operation.Fingerprint,
                operation.Export,
                State = (int)operation.State,
                CreatedAt = operation.CreatedAt.ToUnixTimeMilliseconds(),
                request = JsonSerializer.Serialize(message with { Body = [] }, PluginsJsonContext.Default.CallMessage),
                message.Body,
                bytes = message.Body.Length,
            },
            transaction) == 1,
        cancellation);

    /// <summary>Keeps the answer to a request with a key.</summary>
    public Task InsertAsync(OperationRecord operation, CallAnswer answer) => writes.WriteAsync((connection, transaction) => connection.Execute(
        """
        insert into operations (id, plugin, caller, key, fingerprint, is_async, export, state, created_at, ended_at, status, content_type, version, answer, bytes)
        select @Id, @Plugin, @Caller, @Key, @Fingerprint, 0, @Export, @State, @CreatedAt, @EndedAt, @Status, @ContentType, @Version, @Body, @bytes
        where exists (select 1 from plugins where name = @Plugin)
        """,
        new
        {
            operation.Id,
            operation.Plugin,
            operation.Caller,
            operation.Key,
            operation.Fingerprint,
            operation.Export,
            State = (int)operation.State,
            CreatedAt = operation.CreatedAt.ToUnixTimeMilliseconds(),
            EndedAt = operation.EndedAt?.ToUnixTimeMilliseconds(),
            answer.Status,
            answer.ContentType,
            answer.Version,
            answer.Body,
            bytes = answer.Body.Length,
        },
        transaction));

    /// <returns>Whether the operation is still there, and has not ended.</returns>
    public Task<bool> UpdateAsync(string id, OperationState state, DateTimeOffset? startedAt) => writes.WriteAsync((connection, transaction) => connection.Execute(
        "update operations set state = @state, started_at = @started where id = @id and ended_at is null",
        new { id, state = (int)state, started = startedAt?.ToUnixTimeMilliseconds() },
        transaction) == 1);

    /// <summary>Ends an operation: from here on it has an answer, and the request is not needed any more.</summary>
    public Task EndAsync(OperationRecord operation, CallAnswer answer) => writes.WriteAsync((connection, transaction) => connection.Execute(
        """
        update operations set state = @State, ended_at = @ended, status = @Status, content_type = @ContentType, version = @Version, answer = @Body, bytes = @bytes, request = null, body = null
        where id = @Id and ended_at is null
        """,
        new
        {
            operation.Id,
            State = (int)operation.State,
            ended = operation.EndedAt?.ToUnixTimeMilliseconds(),
            answer.Status,
            answer.ContentType,
            answer.Version,
            answer.Body,
            bytes = answer.Body.Length,
        },
        transaction));

    public Task DeleteAsync(string id) => writes.WriteAsync((connection, transaction) => connection.Execute("delete from operations where id = @id and ended_at is not null", new { id }, transaction));

    /// <summary>Forgets what ended too long ago.</summary>
    public Task ExpireAsync(DateTimeOffset before) => writes.WriteAsync((connection, transaction) => connection.Execute(
        "delete from operations where ended_at < @before", new { before = before.ToUnixTimeMilliseconds() }, transaction));

    /// <summary>Forgets the oldest of a plugin's that have ended, where they are too many.</summary>
    public Task TrimAsync(string plugin, int rows, long bytes) => writes.WriteAsync((connection, transaction) => connection.Execute(
        """
        delete from operations where rowid in (
            select place from (
                select rowid as place, row_number() over newest as count, sum(bytes) over newest as total
                from operations where plugin = @plugin and ended_at is not null
                window newest as (order by ended_at desc, rowid desc))
            where count > @rows or total > @bytes)
        """,
        new { plugin, rows, bytes },
        transaction));

    private static OperationRecord ToRecord(Row row) => new(row.Id, row.Plugin, row.Export, row.Caller, row.Key, row.Fingerprint, DateTimeOffset.FromUnixTimeMilliseconds(row.CreatedAt))
    {
        Place = row.Place,
        IsAsync = row.IsAsync != 0,
        State = (OperationState)row.State,
        Status = (int?)row.Status,
        StartedAt = Time(row.StartedAt),
        EndedAt = Time(row.EndedAt),
    };

    private static DateTimeOffset? Time(long? milliseconds) => milliseconds is { } value ? DateTimeOffset.FromUnixTimeMilliseconds(value) : null;

    private sealed class Row
    {
        public long Place { get; init; }

        public string Id { get; init; } = "";

        public string Plugin { get; init; } = "";

        public string Export { get; init; } = "";

        public string Caller { get; init; } = "";

        public string? Key { get; init; }

        public byte[]? Fingerprint { get; init; }

        public long IsAsync { get; init; }

        public long State { get; init; }

        public long? Status { get; init; }

        public long CreatedAt { get; init; }

        public long? StartedAt { get; init; }

        public long? EndedAt { get; init; }
    }

    private sealed class MessageRow
    {
        public string Request { get; init; } = "";

        public byte[]? Body { get; init; }
    }

    private sealed class AnswerRow
    {
        public long Status { get; init; }

        public string? ContentType { get; init; }

        public string? Version { get; init; }

        public byte[]? Answer { get; init; }
    }
}
