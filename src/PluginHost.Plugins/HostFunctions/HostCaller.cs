using PluginHost.Plugins.Invocation;
using PluginHost.Plugins.Pooling;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Plugins.HostFunctions;

/// <summary>
/// The instance that calls a host function, and the invocation that it runs. One instance runs one invocation at a time, so nothing here is locked; a host
/// function that goes on in the background must read what it needs before.
/// </summary>
public sealed class HostCaller
{
    private readonly TimeProvider _clock;
    private ReadOnlyMemory<byte>? _offered;
    private CancellationToken _interruption;
    private CancellationToken _source;
    private InvocationTarget? _target;
    private CallChain? _chain;
    private long _begin;
    private TimeSpan _limit;

    internal HostCaller(PluginEntry plugin, long instance, PluginSettings settings, GuestOutput output, TimeProvider clock)
    {
        Entry = plugin;
        Instance = instance;
        Settings = settings;
        Output = output;
        _clock = clock;
    }

    /// <summary>The plugin's name.</summary>
    public string Plugin => Entry.Name;

    /// <summary>The version's ordinal; 0 while an upload is looked at.</summary>
    public int Version => Output.Version;

    /// <summary>The instance's number, unique while the server runs.</summary>
    public long Instance { get; }

    /// <summary>The number of the invocation that runs, as in the plugin's log; 0 while the instance starts.</summary>
    public long Invocation => Output.Invocation;

    /// <summary>The export that was invoked; null while the instance starts.</summary>
    public string? Export => _target?.Export;

    /// <summary>What is left until the invocation's deadline; what the start may take while the instance starts.</summary>
    public TimeSpan Remaining => _target is null ? Settings.StartDeadline : _limit - _clock.GetElapsedTime(_begin);

    internal PluginEntry Entry { get; }

    internal PluginSettings Settings { get; }

    internal GuestOutput Output { get; }

    /// <summary>What was written to the log by the invocation, in bytes.</summary>
    internal int LoggedBytes { get; set; }

    /// <summary>The invocations that led here, this one included; null while the instance starts.</summary>
    internal CallChain? Chain => _target is null ? null : new CallChain(_chain, _target.Version);

    /// <summary>
    /// Fires when the call is interrupted. Whatever waits for it goes on elsewhere: the instance's own token fires on the thread that watches the deadlines of all,
    /// which has no time for what a host function does when it is cancelled, and would not survive an exception.
    /// </summary>
    internal CancellationToken Interruption(WasmInstance instance)
    {
        var source = instance.Interruption;

        if (source != _source)
        {
            // It has no timer and no handle of the system's, so that there is nothing to dispose.
            var elsewhere = new CancellationTokenSource();
            source.UnsafeRegister(static state => _ = ((CancellationTokenSource)state!).CancelAsync(), elsewhere);
            _source = source;
            _interruption = elsewhere.Token;
        }

        return _interruption;
    }

    internal bool Has(HostGrant grant) => grant.IsGiven(Settings.Grants);

    internal void Begin(InvocationTarget target, long begin, TimeSpan limit, CallChain? chain)
    {
        _target = target;
        _begin = begin;
        _limit = limit;
        _chain = chain;
        LoggedBytes = 0;
    }

    /// <summary>What the guest has not taken is not kept for the next invocation.</summary>
    internal void End()
    {
        _offered = null;
        _chain = null;
    }

    internal void Offer(ReadOnlyMemory<byte> bytes) => _offered = bytes;

    /// <summary>Copies what was offered last, as far as there is room, and forgets it.</summary>
    internal HostResult Take(Span<byte> room)
    {
        if (_offered is not { } offered)
            return HostError.NotFound;

        _offered = null;
        var length = Math.Min(room.Length, offered.Length);
        offered.Span[..length].CopyTo(room);
        return HostResult.Value(length);
    }
}
