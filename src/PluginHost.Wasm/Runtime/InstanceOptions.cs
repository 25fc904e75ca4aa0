namespace PluginHost.Wasm.Runtime;

/// <summary>What one instance may use, and the host's state that belongs to it.</summary>
public sealed record InstanceOptions
{
    public static InstanceOptions Default { get; } = new();

    /// <summary>The pages of 64 KiB that the memory may grow to, whatever larger maximum the module declares; at most 65,536.</summary>
    public uint MaximumMemoryPages { get; init; } = 65_536;

    /// <summary>The elements that all tables of the instance may have together.</summary>
    public uint MaximumTableElements { get; init; } = 10_000_000;

    /// <summary>
    /// How many calls may be nested. A deeper one traps; a function of Go's has the goroutine go on from an empty stack instead, as deep as Go itself allows.
    /// Compiled code does not count its calls but the stack that they take, so that some more may be nested there.
    /// </summary>
    public int MaximumCallDepth { get; init; } = 1_000_000;

    /// <summary>Objects of the host's, at most one of a type, that host functions reach by <see cref="HostCall.State{T}"/>.</summary>
    public IReadOnlyList<object> States { get; init; } = [];

    /// <summary>Where references to functions are kept: instances that share tables must share a store. Null for one of the instance's own.</summary>
    public Store? Store { get; init; }
}
