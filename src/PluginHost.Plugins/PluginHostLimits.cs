using PluginHost.Wasm.Compiler;

namespace PluginHost.Plugins;

/// <summary>What the server allows. Where a plugin's configuration can set the same thing, this is both its default and its ceiling.</summary>
public sealed class PluginHostLimits
{
    public const long MebiByte = 1024 * 1024;

    /// <summary>A rate above this one is none.</summary>
    internal const int MostInvocationsPerSecond = 1_000_000;

    /// <summary>The size of an uploaded module.</summary>
    public long MaximumModuleBytes { get; set; } = 64 * MebiByte;

    /// <summary>What the data directory may take: modules, stores, operations, the audit log; null for all that there is.</summary>
    public long? DiskBytes { get; set; }

    /// <summary>What stays free of the disk that the data directory is on: the server's own small writes, and other programs, need it.</summary>
    public long FreeDiskBytes { get; set; } = 64 * MebiByte;

    /// <summary>Plugins in the catalog.</summary>
    public int MaximumPlugins { get; set; } = 1_000;

    /// <summary>Versions that one plugin keeps.</summary>
    public int MaximumVersions { get; set; } = 1_000;

    /// <summary>Uploads and validations in progress at one time.</summary>
    public int MaximumConcurrentUploads { get; set; } = 16;

    /// <summary>The memory of one instance.</summary>
    public long MemoryBytes { get; set; } = 256 * MebiByte;

    /// <summary>The body of an invocation, and what a plugin may answer with: text, bytes or JSON.</summary>
    public int BodyBytes { get; set; } = (int)MebiByte;

    /// <summary>How long an invocation may take, its wait in the queue included.</summary>
    public int DeadlineMilliseconds { get; set; } = 30_000;

    /// <summary>Invocations of one plugin in a second; null for no limit.</summary>
    public int? InvocationsPerSecond { get; set; }

    /// <summary>How many of them may come at one time; null for as many as in a second.</summary>
    public int? InvocationBurst { get; set; }

    /// <summary>When a plugin that keeps failing is left alone, where its configuration does not say otherwise.</summary>
    public CircuitConfiguration Circuit { get; set; } = new();

    /// <summary>How long <c>_initialize</c> may take.</summary>
    public int StartDeadlineMilliseconds { get; set; } = 10_000;

    /// <summary>The instances that a version's pool keeps even when idle.</summary>
    public int MinimumInstances { get; set; } = 1;

    /// <summary>The instances that a version's pool may have.</summary>
    public int MaximumInstances { get; set; } = 8;

    /// <summary>The instances of all pools together.</summary>
    public int MaximumTotalInstances { get; set; } = 256;

    /// <summary>The ceiling of what a plugin's configuration may set as its pool's maximum.</summary>
    public int MaximumConfigurableInstances { get; set; } = 256;

    /// <summary>Instances that are being created at one time.</summary>
    public int MaximumConcurrentStarts { get; set; } = Math.Max(2, Environment.ProcessorCount);

    /// <summary>Invocations that wait for an instance of one version.</summary>
    public int QueueLength { get; set; } = 64;

    /// <summary>How long an invocation waits for an instance.</summary>
    public int QueueTimeoutMilliseconds { get; set; } = 10_000;

    /// <summary>How long an instance above the minimum stays idle.</summary>
    public int IdleSeconds { get; set; } = 60;

    /// <summary>Invocations that run at one time on the whole server.</summary>
    public int MaximumConcurrentInvocations { get; set; } = 256;

    /// <summary>What one invocation may write to stdout and stderr before the rest is dropped.</summary>
    public int OutputBytes { get; set; } = 64 * 1024;

    /// <summary>The longest line that is kept whole; longer ones are split.</summary>
    public int OutputLineBytes { get; set; } = 4 * 1024;

    /// <summary>The log lines kept for each plugin.</summary>
    public int LogLines { get; set; } = 1_000;

    /// <summary>Readers that follow one plugin's log at one time.</summary>
    public int LogFollowers { get; set; } = 32;

    /// <summary>Calls nested in a guest.</summary>
    public int CallDepth { get; set; } = 100_000;

    /// <summary>The compiled code of one module, in bytes of .NET IL. What does not fit stays interpreted.</summary>
    public long CompiledBytes { get; set; } = CompilationLimits.Default.IlBytes;

    /// <summary>Function entries and backward branches of one invocation; null for no bound.</summary>
    public long? Fuel { get; set; }

    /// <summary>The keys in one plugin's store.</summary>
    public int StoreKeys { get; set; } = 10_000;

    /// <summary>One plugin's keys and values together.</summary>
    public long StoreBytes { get; set; } = 64 * MebiByte;

    /// <summary>One value in a store.</summary>
    public int StoreValueBytes { get; set; } = (int)MebiByte;

    /// <summary>The body of an HTTP request that a plugin sends.</summary>
    public int HttpRequestBytes { get; set; } = (int)MebiByte;

    /// <summary>The body of the answer to it.</summary>
    public int HttpResponseBytes { get; set; } = 4 * (int)MebiByte;

    /// <summary>How long it may take, its redirects and repetitions included.</summary>
    public int HttpTimeoutMilliseconds { get; set; } = 10_000;

    /// <summary>Requests of one caller; null for no bound. A key can have its own.</summary>
    public int? RequestsPerSecond { get; set; }

    /// <summary>How many of them may come at once; null for as many as in a second.</summary>
    public int? RequestBurst { get; set; }

    /// <summary>Operations of one plugin that wait or run.</summary>
    public int QueuedOperations { get; set; } = 1_000;

    /// <summary>Operations of one plugin, and answers under idempotency keys, that are kept when they have ended.</summary>
    public int Operations { get; set; } = 10_000;

    /// <summary>The answers of those; and as much again the requests that wait.</summary>
    public long OperationBytes { get; set; } = 64 * MebiByte;

    /// <summary>How long they are kept.</summary>
    public int OperationHours { get; set; } = 24;

    /// <summary>Open connections of clients.</summary>
    public int MaximumConnections { get; set; } = 10_000;

    /// <summary>How long a client may take to send the head of a request.</summary>
    public int HeaderTimeoutMilliseconds { get; set; } = 10_000;

    /// <summary>Keys that can be used, and as many again that have ended.</summary>
    public int MaximumKeys { get; set; } = 1_000;

    /// <summary>Changes that the audit log keeps; and a quarter as many attempts that changed nothing.</summary>
    public int AuditRows { get; set; } = 100_000;

    /// <summary>How long it keeps them.</summary>
    public int AuditDays { get; set; } = 365;

    /// <summary>How long a shutdown, and the deletion of a plugin, waits for running invocations before it interrupts them.</summary>
    public int DrainMilliseconds { get; set; } = 10_000;
}
