using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PluginHost.Plugins.Auditing;

namespace PluginHost.Plugins.Access;

/// <summary>The keys of the catalog. All of them are in memory, so that a request waits for nothing and a revocation counts from the next one on.</summary>
public sealed partial class AccessKeys
{
    private const string Prefix = "phk_";
    private const int IdLength = 12;

    // 43 of 62 characters: 256 bits.
    private const int SecretLength = 43;
    private const string IdAlphabet = "abcdefghijklmnopqrstuvwxyz0123456789";
    private const string SecretAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private static readonly TimeSpan SaveInterval = TimeSpan.FromMinutes(1);

    private readonly KeyTable _table;
    private readonly TimeProvider _clock;
    private readonly ILogger<AccessKeys> _logger;
    private readonly int _maximum;
    private readonly ConcurrentDictionary<string, KeyEntry> _entries = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, KeyEntry>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly Lock _changes = new();
    private long _saved;

    internal AccessKeys(KeyTable table, TimeProvider clock, IOptions<PluginHostOptions> options, ILogger<AccessKeys> logger)
    {
        _table = table;
        _clock = clock;
        _logger = logger;
        _maximum = options.Value.Limits.MaximumKeys;
        _lookup = _entries.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Whether a key was ever made: one that has ended counts too, so that nothing opens when the last one does.</summary>
    public bool Any => !_entries.IsEmpty;

    /// <summary>The caller that a key stands for, or null where there is no such key any more.</summary>
    /// <param name="credential">The whole key, <c>phk_ID_SECRET</c>.</param>
    public Caller? Find(ReadOnlySpan<char> credential)
    {
        if (credential.Length != Prefix.Length + IdLength + 1 + SecretLength || !credential.StartsWith(Prefix, StringComparison.Ordinal) || credential[Prefix.Length + IdLength] != '_')
            return null;

        if (!_lookup.TryGetValue(credential.Slice(Prefix.Length, IdLength), out var entry))
            return null;

        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        CredentialDigest.Of(credential[(Prefix.Length + IdLength + 1)..], digest);
        var now = _clock.GetUtcNow();

        if (!CryptographicOperations.FixedTimeEquals(digest, entry.Digest) || !entry.IsUsable(now))
            return null;

        entry.Used(now);
        return entry.Caller;
    }

    /// <summary>Whether a caller's key still counts, for what takes longer than a key may last. True for callers that have none of these keys.</summary>
    public bool Counts(Caller caller) => !_entries.TryGetValue(caller.Id, out var entry) || entry.Caller != caller || entry.IsUsable(_clock.GetUtcNow());

    /// <summary>All keys, the newest first.</summary>
    public IReadOnlyList<AccessKey> List() => [.. _entries.Values.Select(entry => entry.Key).OrderByDescending(key => key.CreatedAt).ThenBy(key => key.Id, StringComparer.Ordinal)];

    /// <summary>One key, by its id.</summary>
    public Outcome<AccessKey> Get(string id) => _entries.TryGetValue(id, out var entry) ? entry.Key : NotFound();

    /// <summary>Makes a key. When the method returns it is on the disk.</summary>
    /// <param name="needsAdministrator">Whether there must be an administrator among the keys, because there is no other one.</param>
    public Outcome<MadeKey> Create(KeyRequest request, bool needsAdministrator)
    {
        var now = Now();

        if (KeyRules.Check(request, now, out var scopes) is { } wrong)
            return wrong;

        lock (_changes)
        {
            if (needsAdministrator && !HasAdministrator(null, now) && !(scopes.HasFlag(Scope.Admin) && request.Plugin is null))
            {
                return new PluginFailure(FailureCode.LastAdminKey, "With its first key the server closes to callers without one, and nobody could make another.")
                {
                    Hint = "Make a key with the scope admin, for all plugins, first.",
                };
            }

            var unusable = _entries.Values.Where(entry => !entry.IsUsable(now)).Select(entry => entry.Key).OrderBy(key => key.CreatedAt).ToList();

            if (_entries.Count - unusable.Count >= _maximum)
                return new PluginFailure(FailureCode.CatalogFull, $"There are {_maximum} keys, which is the limit (PluginHost:Limits:MaximumKeys). Revoke one.");

            // Those that have ended are kept to be looked at, as many as there may be others.
            var forgotten = unusable.Take(Math.Max(0, unusable.Count - _maximum + 1)).Select(key => key.Id).ToList();
            var id = RandomNumberGenerator.GetString(IdAlphabet, IdLength);
            var secret = RandomNumberGenerator.GetString(SecretAlphabet, SecretLength);
            var digest = new byte[SHA256.HashSizeInBytes];
            CredentialDigest.Of(secret, digest);
            var key = new AccessKey(id, request.Name!, scopes.Texts(), request.Plugin, now, request.ExpiresAt, null, request.RequestsPerSecond, request.Burst, null);

            AuditDraft.Current?.Describe($"key {id} '{key.Name}' with {string.Join(' ', key.Scopes)}{(key.Plugin is null ? "" : $" for {key.Plugin}")}");
            _table.Insert(key, scopes, digest, forgotten);
            _entries[id] = new KeyEntry(key, scopes, digest);

            foreach (var old in forgotten)
                _entries.TryRemove(old, out _);

            LogCreated(id, string.Join(' ', key.Scopes));
            return new MadeKey(key, $"{Prefix}{id}_{secret}");
        }
    }

    /// <summary>Ends a key. From the next request on it counts no more.</summary>
    /// <param name="needsAdministrator">Whether an administrator must be left among the keys.</param>
    public Outcome<AccessKey> Revoke(string id, bool needsAdministrator)
    {
        var now = Now();

        lock (_changes)
        {
            if (!_entries.TryGetValue(id, out var entry))
                return NotFound();

            if (entry.Key is { RevokedAt: not null } already)
                return already;

            if (needsAdministrator && entry.IsUsable(now) && HasAdministrator(null, now) && !HasAdministrator(entry, now))
            {
                return new PluginFailure(FailureCode.LastAdminKey, "This is the last key that may make others.")
                {
                    Hint = "Make another key with the scope admin first.",
                };
            }

            var revoked = entry.Key with { RevokedAt = now };

            AuditDraft.Current?.Describe($"key {id} '{revoked.Name}'");
            _table.Revoke(revoked);
            entry.Revoke(revoked);
            LogRevoked(id);
            return revoked;
        }
    }

    /// <summary>Reads the keys; the catalog must be open.</summary>
    /// <exception cref="PluginHostStartException">The database is damaged.</exception>
    internal void Open()
    {
        try
        {
            foreach (var entry in _table.ReadAll())
                _entries[entry.Key.Id] = entry;
        }
        catch (SqliteException exception)
        {
            throw new PluginHostStartException($"The catalog's keys cannot be read: {exception.Message}", StartFailure.CatalogDamaged, exception);
        }
    }

    /// <summary>Saves when keys were used, once a minute.</summary>
    internal void SaveUses(bool now = false)
    {
        if (!now && _clock.GetElapsedTime(_saved) < SaveInterval)
            return;

        _saved = _clock.GetTimestamp();
        var uses = new List<(string Id, long Minute)>();

        foreach (var (id, entry) in _entries)
        {
            if (entry.TryTakeUse(out var minute))
                uses.Add((id, minute));
        }

        if (uses.Count == 0)
            return;

        try
        {
            _table.Used(uses);
        }
        catch (SqliteException exception)
        {
            // The next use is saved again.
            LogNotSaved(exception.Message);
        }
    }

    /// <summary>Whether a key other than one may make keys. Where all of them expire, the setting of the configuration is the way back.</summary>
    private bool HasAdministrator(KeyEntry? except, DateTimeOffset now) =>
        _entries.Values.Any(entry => entry != except && entry.Scopes.HasFlag(Scope.Admin) && entry.Key.Plugin is null && entry.IsUsable(now));

    private static PluginFailure NotFound() => new(FailureCode.KeyNotFound, "There is no key of this id.");

    // Whole milliseconds, as the catalog keeps them.
    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeMilliseconds(_clock.GetUtcNow().ToUnixTimeMilliseconds());

    [LoggerMessage(LogLevel.Information, "Key {Key} was made with the scopes {Scopes}")]
    private partial void LogCreated(string key, string scopes);

    [LoggerMessage(LogLevel.Information, "Key {Key} was revoked")]
    private partial void LogRevoked(string key);

    [LoggerMessage(LogLevel.Warning, "When keys were used last cannot be saved now: {Reason}")]
    private partial void LogNotSaved(string reason);
}
