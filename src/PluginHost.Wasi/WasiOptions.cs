using System.Net.Sockets;

namespace PluginHost.Wasi;

/// <summary>What a guest gets of its host.</summary>
public sealed record WasiOptions
{
    /// <summary>The command line, the program's name first. No argument may contain a NUL.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = ["plugin"];

    /// <summary>The environment variables. Neither names nor values may contain a NUL, nor names an equals sign.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The directories that the guest may use: none unless named here.</summary>
    public IReadOnlyList<Preopen> Preopens { get; init; } = [];

    /// <summary>Sockets that are open from the start, listening or connected, behind the directories. The context closes them.</summary>
    public IReadOnlyList<Socket> Sockets { get; init; } = [];

    /// <summary>What standard input gives before its end.</summary>
    public ReadOnlyMemory<byte> StandardInput { get; init; }

    /// <summary>Where standard input comes from instead. A guest that reads waits for it, and neither a deadline nor a cancellation ends the wait.</summary>
    public Stream? StandardInputStream { get; init; }

    /// <summary>Where the lines of standard output and error go; null for nowhere.</summary>
    public ILineSink? Output { get; init; }

    /// <summary>Where standard output goes instead: every byte, unchanged and without a bound.</summary>
    public Stream? StandardOutputStream { get; init; }

    /// <summary>Where standard error goes instead: every byte, unchanged and without a bound.</summary>
    public Stream? StandardErrorStream { get; init; }

    /// <summary>Longer lines of output are given in pieces of this many bytes.</summary>
    public int MaximumLineBytes { get; init; } = 8 * 1024;

    /// <summary>The bytes of output that are kept of one call, for each of the two streams.</summary>
    public long MaximumOutputBytes { get; init; } = 1024 * 1024;

    /// <summary>The descriptors that may be open at a time.</summary>
    public int MaximumDescriptors { get; init; } = 256;

    /// <summary>The clocks.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
