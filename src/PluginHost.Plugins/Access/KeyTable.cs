using Dapper;
using PluginHost.Plugins.Catalog;

namespace PluginHost.Plugins.Access;

/// <summary>The keys in the catalog's database: of each the digest of its secret.</summary>
internal sealed class KeyTable(PluginCatalog catalog)
{
    public IReadOnlyList<KeyEntry> ReadAll() => catalog.Read(connection => connection
        .Query<Row>(
            """
            select id, name, digest, scopes, plugin, created_at as CreatedAt, expires_at as ExpiresAt, revoked_at as RevokedAt,
                requests_per_second as RequestsPerSecond, burst, last_used_at as LastUsedAt
            from api_keys
            """)
        .Select(row => new KeyEntry(ToKey(row), (Scope)row.Scopes, row.Digest))
        .ToList());

    public void Insert(AccessKey key, Scope scopes, byte[] digest, IEnumerable<string> forgotten) => catalog.Write((connection, transaction) =>
    {
        connection.Execute("delete from api_keys where id = @id", forgotten.Select(id => new { id }), transaction);
        connection.Execute(
            """
            insert into api_keys (id, name, digest, scopes, plugin, created_at, expires_at, requests_per_second, burst)
            values (@Id, @Name, @digest, @scopes, @Plugin, @created, @expires, @RequestsPerSecond, @Burst)
            """,
            new
            {
                key.Id,
                key.Name,
                digest,
                scopes = (int)scopes,
                key.Plugin,
                created = key.CreatedAt.ToUnixTimeMilliseconds(),
                expires = key.ExpiresAt?.ToUnixTimeMilliseconds(),
                key.RequestsPerSecond,
                key.Burst,
            },
            transaction);
    });

    public void Revoke(AccessKey key) => catalog.Write((connection, transaction) => connection.Execute(
        "update api_keys set revoked_at = @revoked where id = @Id", new { key.Id, revoked = key.RevokedAt?.ToUnixTimeMilliseconds() }, transaction));

    /// <param name="uses">Keys and the minutes of their last uses.</param>
    public void Used(IReadOnlyList<(string Id, long Minute)> uses) => catalog.Write((connection, transaction) => connection.Execute(
        "update api_keys set last_used_at = @at where id = @Id", uses.Select(use => new { use.Id, at = use.Minute * 60_000 }), transaction), isAudited: false);

    private static AccessKey ToKey(Row row) => new(
        row.Id,
        row.Name,
        ((Scope)row.Scopes).Texts(),
        row.Plugin,
        DateTimeOffset.FromUnixTimeMilliseconds(row.CreatedAt),
        Time(row.ExpiresAt),
        Time(row.RevokedAt),
        (int?)row.RequestsPerSecond,
        (int?)row.Burst,
        Time(row.LastUsedAt));

    private static DateTimeOffset? Time(long? milliseconds) => milliseconds is { } value ? DateTimeOffset.FromUnixTimeMilliseconds(value) : null;

    private sealed class Row
    {
        public string Id { get; init; } = "";

        public string Name { get; init; } = "";

        public byte[] Digest { get; init; } = [];

        public long Scopes { get; init; }

        public string? Plugin { get; init; }

        public long CreatedAt { get; init; }

        public long? ExpiresAt { get; init; }

        public long? RevokedAt { get; init; }

        public long? RequestsPerSecond { get; init; }

        public long? Burst { get; init; }

        public long? LastUsedAt { get; init; }
    }
}
