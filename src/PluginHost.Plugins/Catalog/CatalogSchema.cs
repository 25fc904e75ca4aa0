using Dapper;
using Microsoft.Data.Sqlite;

namespace PluginHost.Plugins.Catalog;

/// <summary>The catalog's tables, as the steps that lead from each schema version to the next.</summary>
internal static class CatalogSchema
{
    private static readonly string[] Migrations =
    [
        """
        create table plugins (
            name text not null primary key,
            configuration text not null,
            revision integer not null,
            next_ordinal integer not null,
            created_at integer not null,
            updated_at integer not null
        ) strict, without rowid;

        create table versions (
            plugin text not null references plugins (name) on delete cascade,
            ordinal integer not null,
            digest text not null,
            size integer not null,
            uploaded_at integer not null,
            metadata text not null,
            primary key (plugin, ordinal),
            unique (plugin, digest)
        ) strict, without rowid;

        create index versions_by_digest on versions (digest);

        create table aliases (
            plugin text not null,
            name text not null,
            ordinal integer not null,
            weight integer not null,
            primary key (plugin, name, ordinal),
            foreign key (plugin, ordinal) references versions (plugin, ordinal) on delete cascade
        ) strict, without rowid;
        """,
        """
        create table stores (
            plugin text not null primary key references plugins (name) on delete cascade,
            keys integer not null,
            bytes integer not null,
            last_version integer not null
        ) strict, without rowid;

        create table store_entries (
            plugin text not null references plugins (name) on delete cascade,
            key blob not null,
            length integer not null,
            version integer not null,
            value blob not null,
            unique (plugin, key)
        ) strict;
        """,

        // A version is a module and a manifest. SQLite cannot change what is unique of a table, and dropping one empties those that refer to it: both are made anew.
        """
        create table described_versions (
            plugin text not null references plugins (name) on delete cascade,
            ordinal integer not null,
            digest text not null,
            size integer not null,
            uploaded_at integer not null,
            metadata text not null,
            manifest_digest text not null default '',
            manifest text,
            primary key (plugin, ordinal),
            unique (plugin, digest, manifest_digest)
        ) strict, without rowid;

        insert into described_versions (plugin, ordinal, digest, size, uploaded_at, metadata)
        select plugin, ordinal, digest, size, uploaded_at, metadata from versions;

        create temporary table kept_aliases as select plugin, name, ordinal, weight from aliases;
        drop table aliases;
        drop table versions;
        alter table described_versions rename to versions;
        create index versions_by_digest on versions (digest);

        create table aliases (
            plugin text not null,
            name text not null,
            ordinal integer not null,
            weight integer not null,
            primary key (plugin, name, ordinal),
            foreign key (plugin, ordinal) references versions (plugin, ordinal) on delete cascade
        ) strict, without rowid;

        insert into aliases (plugin, name, ordinal, weight) select plugin, name, ordinal, weight from kept_aliases;
        drop table kept_aliases;
        """,
        """
        create table api_keys (
            id text not null primary key,
            name text not null,
            digest blob not null,
            scopes integer not null,
            plugin text,
            created_at integer not null,
            expires_at integer,
            revoked_at integer,
            requests_per_second integer,
            burst integer,
            last_used_at integer
        ) strict, without rowid;
        """,
        """
        create table audit (
            id integer primary key autoincrement,
            at integer not null,
            caller text not null,
            caller_name text not null,
            address text not null,
            action text not null,
            path text not null,
            plugin text,
            result text not null,
            is_done integer not null,
            revision_before integer,
            revision_after integer,
            detail text
        ) strict;

        create index audit_by_done on audit (is_done, id);
        create index audit_by_time on audit (at);
        """,

        // Where an alias points is its newest state; the others are where it has pointed.
        """
        create table alias_states (
            plugin text not null references plugins (name) on delete cascade,
            name text not null,
            revision integer not null,
            changed_at integer not null,
            targets text not null,
            primary key (plugin, name, revision)
        ) strict, without rowid;

        insert into alias_states (plugin, name, revision, changed_at, targets)
        select aliases.plugin, aliases.name, 1, plugins.updated_at, json_group_array(json_object('version', aliases.ordinal, 'weight', aliases.weight))
        from aliases join plugins on plugins.name = aliases.plugin group by aliases.plugin, aliases.name;

        drop table aliases;
        """,
        "alter table versions add column signature text;",
        """
        create table operations (
            id text not null primary key,
            plugin text not null references plugins (name) on delete cascade,
            caller text not null,
            key text,
            fingerprint blob,
            is_async integer not null,
            export text not null,
            state integer not null,
            status integer,
            created_at integer not null,
            started_at integer,
            ended_at integer,
            bytes integer not null,
            content_type text,
            version text,
            request text,
            body blob,
            answer blob
        ) strict;

        create unique index operations_by_key on operations (plugin, caller, key) where key is not null;
        create index operations_by_plugin on operations (plugin, ended_at, bytes);
        create index operations_by_end on operations (ended_at);
        """,
    ];

    public static int Version => Migrations.Length;

    /// <summary>Whether a database has never been a catalog.</summary>
    public static bool IsNew(SqliteConnection connection) => connection.ExecuteScalar<long>("pragma user_version") == 0;

    /// <summary>Brings a database to the present schema, each step in a transaction of its own.</summary>
    /// <exception cref="PluginHostStartException">A newer server made the database.</exception>
    public static void Migrate(SqliteConnection connection)
    {
        var version = connection.ExecuteScalar<long>("pragma user_version");

        if (version > Migrations.Length)
            throw new PluginHostStartException($"The catalog has schema version {version}, and this server knows versions up to {Migrations.Length}: it was made by a newer one. Start that one, or put back a backup from before.", StartFailure.CatalogNewer);

        for (; version < Migrations.Length; version++)
        {
            using var transaction = connection.BeginTransaction(deferred: false);

            connection.Execute(Migrations[version], transaction: transaction);
            connection.Execute($"pragma user_version = {version + 1}", transaction: transaction);
            transaction.Commit();
        }
    }
}
