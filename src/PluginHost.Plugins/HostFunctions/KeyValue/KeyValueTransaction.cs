using Dapper;
using Microsoft.Data.Sqlite;

namespace PluginHost.Plugins.HostFunctions.KeyValue;

/// <summary>Makes one change of a store within a transaction. What is refused changes nothing, so that the others of its batch go on.</summary>
internal static class KeyValueTransaction
{
    public static HostResult Apply(SqliteConnection connection, SqliteTransaction transaction, KeyValueWrite write)
    {
        var (plugin, created) = write.Store;
        var usage = connection.QuerySingleOrDefault<Usage>(
            """
            select coalesce(u.keys, 0) as Keys, coalesce(u.bytes, 0) as Bytes, coalesce(u.last_version, 0) as LastVersion
            from plugins p left join stores u on u.plugin = p.name where p.name = @plugin and p.created_at = @created
            """,
            new { plugin, created },
            transaction);

        // An instance that runs on for a moment after its plugin was deleted.
        if (usage is null)
            return HostResult.Error(HostError.Failed, "The plugin has been deleted.");

        var present = connection.QuerySingleOrDefault<Present>(
            "select version as Version, length as Length from store_entries where plugin = @plugin and key = @key", new { plugin, key = write.Key }, transaction);

        if (write.Value is null && present is null)
            return HostError.NotFound;

        if (write.Expected is { } expected && expected != (present?.Version ?? 0))
            return HostError.Conflict;

        var keys = usage.Keys + (present is null ? 1 : 0) - (write.Value is null ? 1 : 0);
        var bytes = usage.Bytes + Size(write.Key, write.Value?.Length) - Size(write.Key, present?.Length);

        // What makes a store smaller is always welcome, under limits that have become narrower too.
        if ((keys > usage.Keys && keys > write.Limits.Keys) || (bytes > usage.Bytes && bytes > write.Limits.Bytes))
            return HostResult.Error(HostError.LimitReached, $"The plugin's store may hold {write.Limits.Keys} keys and {write.Limits.Bytes} bytes.");

        var version = usage.LastVersion + 1;

        if (write.Value is null)
        {
            connection.Execute("delete from store_entries where plugin = @plugin and key = @key", new { plugin, key = write.Key }, transaction);
        }
        else
        {
            connection.Execute(
                """
                insert into store_entries (plugin, key, value, length, version) values (@plugin, @key, @value, @length, @version)
                on conflict (plugin, key) do update set value = excluded.value, length = excluded.length, version = excluded.version
                """,
                new { plugin, key = write.Key, value = write.Value, length = write.Value.Length, version },
                transaction);
        }

        connection.Execute(
            """
            insert into stores (plugin, keys, bytes, last_version) values (@plugin, @keys, @bytes, @version)
            on conflict (plugin) do update set keys = excluded.keys, bytes = excluded.bytes, last_version = excluded.last_version
            """,
            new { plugin, keys, bytes, version },
            transaction);

        return HostResult.Value(write.Value is null ? 0 : version);
    }

    private static long Size(byte[] key, long? value) => value is { } length ? key.Length + length : 0;

    private sealed record Usage(long Keys, long Bytes, long LastVersion);

    private sealed record Present(long Version, long Length);
}
