using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.Data.Sqlite;

namespace PluginHost.Plugins.HostFunctions.KeyValue;

/// <summary>A plugin's key-value store for its guests. Writes are on the disk when they return; every one makes a version that no other has.</summary>
internal sealed class KeyValueFunctions(KeyValueStore store, PluginHostLimits limits)
{
    private const int MaximumKeyBytes = 256;
    private const int MaximumListed = 1_000;

    private readonly KeyValueLimits _limits = new(limits.StoreKeys, limits.StoreBytes);

    public void AddTo(HostModule module) => module
        .Add("kv_get", HostGrant.Kv, Get)
        .Add("kv_set", HostGrant.Kv, SetAsync)
        .Add("kv_cas", HostGrant.Kv, CompareAndSwapAsync)
        .Add("kv_delete", HostGrant.Kv, DeleteAsync)
        .Add("kv_list", HostGrant.Kv, List);

    private HostResult Get(HostCaller caller, ReadOnlySpan<byte> key, out KeyValueEntry entry, CancellationToken interruption)
    {
        entry = default;

        if (!IsKey(key))
            return InvalidKey();

        try
        {
            if (store.Get(caller.Entry.StoreName, key.ToArray(), interruption) is not { } found)
                return HostError.NotFound;

            entry = new KeyValueEntry { Version = (ulong)found.Version, Length = (uint)found.Value.Length };
            return HostResult.Taken(found.Value);
        }
        catch (SqliteException)
        {
            return Unreadable();
        }
    }

    private Task<HostResult> SetAsync(HostCaller caller, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, CancellationToken interruption) =>
        WriteAsync(caller, key, value, null, interruption);

    /// <param name="version">What the guest has seen; 0 where there must be nothing.</param>
    private Task<HostResult> CompareAndSwapAsync(HostCaller caller, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, ulong version, CancellationToken interruption) =>
        version > long.MaxValue ? Task.FromResult<HostResult>(HostError.Conflict) : WriteAsync(caller, key, value, (long)version, interruption);

    /// <param name="version">What the guest has seen; 0 for whatever there is.</param>
    private Task<HostResult> DeleteAsync(HostCaller caller, ReadOnlySpan<byte> key, ulong version, CancellationToken interruption)
    {
        if (!IsKey(key))
            return Task.FromResult(InvalidKey());

        return version > long.MaxValue
            ? Task.FromResult<HostResult>(HostError.Conflict)
            : store.WriteAsync(new KeyValueWrite(caller.Entry.StoreName, key.ToArray(), null, version == 0 ? null : (long)version, _limits), interruption);
    }

    private HostResult List(HostCaller caller, ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> after, uint limit, CancellationToken interruption)
    {
        if (prefix.Length > MaximumKeyBytes || after.Length > MaximumKeyBytes || !Utf8.IsValid(prefix) || !Utf8.IsValid(after))
            return InvalidKey();

        IReadOnlyList<StoredKey> keys;
        var maximum = limit == 0 ? MaximumListed : (int)Math.Min(limit, MaximumListed);

        try
        {
            keys = store.List(caller.Entry.StoreName, prefix.ToArray(), after.ToArray(), maximum, interruption);
        }
        catch (SqliteException)
        {
            return Unreadable();
        }

        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartArray();

        foreach (var row in keys)
        {
            json.WriteStartObject();
            json.WriteString("key"u8, row.Key);
            json.WriteNumber("version"u8, row.Version);
            json.WriteNumber("length"u8, row.Length);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.Flush();
        return HostResult.Taken(buffer.WrittenMemory);
    }

    private static bool IsKey(ReadOnlySpan<byte> key) => key.Length is > 0 and <= MaximumKeyBytes && Utf8.IsValid(key);

    private static HostResult InvalidKey() => HostResult.Error(HostError.InvalidArgument, $"A key is UTF-8 of 1 to {MaximumKeyBytes} bytes.");

    private static HostResult Unreadable() => HostResult.Error(HostError.Failed, "The store cannot be read now.");

    private Task<HostResult> WriteAsync(HostCaller caller, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long? expected, CancellationToken interruption)
    {
        if (!IsKey(key))
            return Task.FromResult(InvalidKey());

        return value.Length > limits.StoreValueBytes
            ? Task.FromResult(HostResult.Error(HostError.LimitReached, $"A value has at most {limits.StoreValueBytes} bytes."))
            : store.WriteAsync(new KeyValueWrite(caller.Entry.StoreName, key.ToArray(), value.ToArray(), expected, _limits), interruption);
    }
}
