namespace PluginHost.Plugins.Telemetry;

/// <summary>The pool of one version.</summary>
/// <param name="Created">Instances made since the version was loaded.</param>
/// <param name="Discarded">Instances thrown away after a trap, an exit, a deadline or a fault.</param>
/// <param name="Released">Instances let go because they were idle.</param>
/// <param name="MemoryBytes">The linear memories of all instances.</param>
public sealed record PoolStatistics(
    int Version,
    int Minimum,
    int Maximum,
    int Instances,
    int Idle,
    int Busy,
    int Starting,
    int Queued,
    int QueueLength,
    long Created,
    long Discarded,
    long Released,
    long MemoryBytes);
