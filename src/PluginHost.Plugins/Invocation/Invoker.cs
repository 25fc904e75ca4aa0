namespace PluginHost.Plugins.Invocation;

/// <summary>Calls exports. Values pass as bits: 32-bit ones in the low half.</summary>
public sealed class Invoker
{
    /// <summary>Finds an export and loads its version where it is not loaded yet; usually done at once.</summary>
    /// <param name="version">Ordinal, digest or alias; null for <c>live</c>.</param>
    public ValueTask<Outcome<InvocationTarget>> ResolveAsync(string plugin, string? version, string export, CancellationToken cancellation) => throw new NotImplementedException();

    /// <summary>
    /// Calls an export once, on the calling thread as soon as an instance is there. A target that has been retired meanwhile (a new configuration, a deletion)
    /// is resolved again by the invoker itself.
    /// </summary>
    /// <param name="arguments">One for each parameter.</param>
    /// <param name="results">Room for one for each result; written on success only.</param>
    /// <param name="deadline">The caller's own, which can only be shorter than the plugin's; null for the plugin's.</param>
    /// <param name="cancellation">The caller gave up.</param>
    public ValueTask<InvocationResult> InvokeAsync(
        InvocationTarget target, ReadOnlyMemory<ulong> arguments, Memory<ulong> results, TimeSpan? deadline, CancellationToken cancellation) => throw new NotImplementedException();
}
