namespace PluginHost.Fuzz.Execution;

/// <summary>What a host function gives back.</summary>
internal enum HostAnswer
{
    /// <summary>The digest of everything that was logged, in integers; 1.5 in floats.</summary>
    Digest,

    /// <summary>0: success, as WASI has it.</summary>
    Zero,

    /// <summary>It traps.</summary>
    Unreachable,
}
