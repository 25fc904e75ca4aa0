using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;
using PluginHost.Plugins.Auditing;
using PluginHost.Plugins.Catalog;

namespace PluginHost.Plugins.Aliases;

/// <summary>The aliases in the catalog: where each points, and where it has pointed before.</summary>
internal sealed class AliasTable(PluginCatalog catalog)
{
    /// <summary>How many states of an alias are kept to go back to, the present one included.</summary>
    public const int KeptStates = 20;

    /// <summary>Makes an alias or moves it; the state before is kept.</summary>
    public Alias Put(string plugin, string alias, IReadOnlyList<AliasTarget> targets, DateTimeOffset now) => Put(plugin, alias, targets, now, long.MaxValue);

    /// <summary>Moves an alias back: to a state that takes the place of all that came after it.</summary>
    /// <param name="state">The state that is gone back to.</param>
    public Alias PutBack(string plugin, Alias state, DateTimeOffset now) => Put(plugin, state.Name, state.Targets, now, state.Revision);

    public void Delete(string plugin, string alias) => catalog.Write((connection, transaction) =>
        connection.Execute("delete from alias_states where plugin = @plugin and name = @alias", new { plugin, alias }, transaction));

    /// <summary>The states of an alias, the present one first.</summary>
    public IReadOnlyList<Alias> States(string plugin, string alias) => catalog.Read(connection => connection
        .Query<Row>("select plugin, name, revision, changed_at as ChangedAt, targets from alias_states where plugin = @plugin and name = @alias order by revision desc", new { plugin, alias })
        .Select(row => row.ToAlias())
        .ToList());

    /// <summary>The present state of every alias, by plugin.</summary>
    public static ILookup<string, Alias> ReadAll(SqliteConnection connection) => connection
        .Query<Row>(
            """
            select plugin, name, revision, changed_at as ChangedAt, targets from alias_states as state
            where revision = (select max(revision) from alias_states as other where other.plugin = state.plugin and other.name = state.name)
            order by plugin, name
            """)
        .ToLookup(row => row.Plugin, row => row.ToAlias(), StringComparer.Ordinal);

    /// <summary>Makes an alias or moves it, in a change that is more than that.</summary>
    public static Alias Put(SqliteConnection connection, SqliteTransaction transaction, string plugin, string alias, IReadOnlyList<AliasTarget> targets, DateTimeOffset now) =>
        Put(connection, transaction, plugin, alias, targets, now, long.MaxValue);

    private static Alias Put(
        SqliteConnection connection, SqliteTransaction transaction, string plugin, string alias, IReadOnlyList<AliasTarget> targets, DateTimeOffset now, long since)
    {
        var revision = 1 + connection.ExecuteScalar<long>("select coalesce(max(revision), 0) from alias_states where plugin = @plugin and name = @alias", new { plugin, alias }, transaction);
        var state = new
        {
            plugin,
            alias,
            since,
            revision,
            changedAt = now.ToUnixTimeMilliseconds(),
            targets = JsonSerializer.Serialize(targets, PluginsJsonContext.Default.IReadOnlyListAliasTarget),
            kept = KeptStates,
        };

        connection.Execute("delete from alias_states where plugin = @plugin and name = @alias and revision >= @since", state, transaction);
        connection.Execute("insert into alias_states (plugin, name, revision, changed_at, targets) values (@plugin, @alias, @revision, @changedAt, @targets)", state, transaction);
        connection.Execute(
            """
            delete from alias_states where plugin = @plugin and name = @alias and revision not in
                (select revision from alias_states where plugin = @plugin and name = @alias order by revision desc limit @kept)
            """,
            state,
            transaction);
        return new Alias(alias, targets, revision, now);
    }

    private Alias Put(string plugin, string alias, IReadOnlyList<AliasTarget> targets, DateTimeOffset now, long since)
    {
        Alias? put = null;

        catalog.Write((connection, transaction) =>
        {
            put = Put(connection, transaction, plugin, alias, targets, now, since);
            AuditDraft.Current?.Revisions(put.Revision == 1 ? null : put.Revision - 1, put.Revision);
            AuditDraft.Current?.Describe($"alias {alias}: {string.Join(", ", targets.Select(target => $"version {target.Version} weight {target.Weight}"))}");
        });
        return put!;
    }

    private sealed record Row(string Plugin, string Name, long Revision, long ChangedAt, string Targets)
    {
        public Alias ToAlias() => new(
            Name,
            JsonSerializer.Deserialize(Targets, PluginsJsonContext.Default.IReadOnlyListAliasTarget)!,
            Revision,
            DateTimeOffset.FromUnixTimeMilliseconds(ChangedAt));
    }
}
