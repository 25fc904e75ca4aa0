namespace PluginHost.Wasm.Runtime;

/// <summary>What one call may use. The default has no bound.</summary>
/// <param name="Timeout">How long the call may take by the wall clock, sleeping included; null for no bound.</param>
/// <param name="Fuel">How many function entries and backward branches the call may take; null for no bound.</param>
/// <param name="Cancellation">Ends the call when it is cancelled.</param>
public readonly record struct ExecutionBudget(TimeSpan? Timeout = null, long? Fuel = null, CancellationToken Cancellation = default);
