namespace PluginHost.Plugins.HostFunctions.KeyValue;

/// <summary>A change that waits for the store's writer.</summary>
/// <param name="Store">The plugin whose store it is.</param>
/// <param name="Value">Null to delete.</param>
/// <param name="Expected">The version that there must be, 0 for none; null for any.</param>
/// <param name="Cancellation">Nobody waits any more: what has not begun need not be done.</param>
internal sealed record KeyValueWrite(StoreName Store, byte[] Key, byte[]? Value, long? Expected, KeyValueLimits Limits, CancellationToken Cancellation)
{
    // Who waits goes on elsewhere: the writer has others to serve.
    public TaskCompletionSource<HostResult> Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
