namespace PluginHost.Plugins.Access;

/// <summary>A key as every request finds it: in memory, with the caller that it stands for.</summary>
internal sealed class KeyEntry(AccessKey key, Scope scopes, byte[] digest)
{
    private volatile AccessKey _key = key;
    private long _usedMinute = key.LastUsedAt is { } used ? used.ToUnixTimeSeconds() / 60 : 0;
    private long _savedMinute = key.LastUsedAt is { } used ? used.ToUnixTimeSeconds() / 60 : 0;

    /// <summary>With the minute of its last use.</summary>
    public AccessKey Key => Interlocked.Read(ref _usedMinute) is > 0 and var minute ? _key with { LastUsedAt = DateTimeOffset.FromUnixTimeSeconds(minute * 60) } : _key;

    public Scope Scopes => scopes;

    /// <summary>The SHA-256 of the secret.</summary>
    public byte[] Digest => digest;

    public Caller Caller { get; } = Caller.Of(key.Id, key.Name, scopes, key.Plugin, "key", key.RequestsPerSecond, key.Burst);

    public bool IsUsable(DateTimeOffset now) => _key is { RevokedAt: null } key && !(key.ExpiresAt <= now);

    public void Revoke(AccessKey revoked) => _key = revoked;

    public void Used(DateTimeOffset now)
    {
        var minute = now.ToUnixTimeSeconds() / 60;

        // Written once a minute, so that processors do not pass the line to and fro.
        if (Interlocked.Read(ref _usedMinute) != minute)
            Interlocked.Exchange(ref _usedMinute, minute);
    }

    /// <summary>The minute of a use that has not been saved; once.</summary>
    public bool TryTakeUse(out long minute)
    {
        minute = Interlocked.Read(ref _usedMinute);
        return Interlocked.Exchange(ref _savedMinute, minute) != minute;
    }
}
