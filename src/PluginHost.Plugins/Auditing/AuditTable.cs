using Dapper;
using Microsoft.Data.Sqlite;
using PluginHost.Plugins.Catalog;

namespace PluginHost.Plugins.Auditing;

/// <summary>The audit log in the catalog's database.</summary>
internal sealed class AuditTable(PluginCatalog catalog)
{
    public const string Done = "done";

    /// <summary>Writes an entry in the transaction of the change that it is about.</summary>
    public static void Insert(SqliteConnection connection, SqliteTransaction transaction, AuditDraft draft, string result) => connection.Execute(
        """
        insert into audit (at, caller, caller_name, address, action, path, plugin, result, is_done, revision_before, revision_after, detail)
        values (@at, @Caller, @CallerName, @Address, @Action, @Path, @Plugin, @result, @isDone, @RevisionBefore, @RevisionAfter, @Detail)
        """,
        new
        {
            at = draft.At.ToUnixTimeMilliseconds(),
            draft.Caller,
            draft.CallerName,
            draft.Address,
            draft.Action,
            draft.Path,
            draft.Plugin,
            result,
            isDone = result == Done ? 1 : 0,
            draft.RevisionBefore,
            draft.RevisionAfter,
            draft.Detail,
        },
        transaction);

    /// <summary>Writes an entry of something that has changed nothing.</summary>
    public void Insert(AuditDraft draft, string result) => catalog.Write((connection, transaction) => Insert(connection, transaction, draft, result), isAudited: false);

    /// <param name="before">Only entries older than the one of this id.</param>
    public IReadOnlyList<AuditEntry> Read(long before, int maximum, string? plugin, string? caller) => catalog.Read(connection => connection
        .Query<Row>(
            """
            select id, at, caller, caller_name as CallerName, address, action, path, plugin, result, revision_before as RevisionBefore, revision_after as RevisionAfter, detail
            from audit
            where id < @before and (@plugin is null or plugin = @plugin) and (@caller is null or caller = @caller)
            order by id desc limit @maximum
            """,
            new { before, maximum, plugin, caller })
        .Select(row => new AuditEntry(
            row.Id,
            DateTimeOffset.FromUnixTimeMilliseconds(row.At),
            row.Caller,
            row.CallerName,
            row.Address,
            row.Action,
            row.Path,
            row.Plugin,
            row.Result,
            row.RevisionBefore,
            row.RevisionAfter,
            row.Detail))
        .ToList());

    /// <summary>Forgets the oldest. What changed nothing has room of its own, so that no flood of refusals drives out what was done.</summary>
    public void Trim(long rows, DateTimeOffset since) => catalog.Write(
        (connection, transaction) => connection.Execute(
            """
            delete from audit where at < @since;
            delete from audit where id <= (select id from audit where is_done = 1 order by id desc limit 1 offset @rows) and is_done = 1;
            delete from audit where id <= (select id from audit where is_done = 0 order by id desc limit 1 offset @rows / 4) and is_done = 0;
            """,
            new { rows, since = since.ToUnixTimeMilliseconds() },
            transaction),
        isAudited: false);

    private sealed class Row
    {
        public long Id { get; init; }

        public long At { get; init; }

        public string Caller { get; init; } = "";

        public string CallerName { get; init; } = "";

        public string Address { get; init; } = "";

        public string Action { get; init; } = "";

        public string Path { get; init; } = "";

        public string? Plugin { get; init; }

        public string Result { get; init; } = "";

        public long? RevisionBefore { get; init; }

        public long? RevisionAfter { get; init; }

        public string? Detail { get; init; }
    }
}
