using System.Diagnostics.CodeAnalysis;

namespace PluginHost.Plugins.Invocation;

/// <summary>How an invocation ended. The results themselves are in the caller's buffer.</summary>
/// <param name="Invocation">The invocation's number, as in the plugin's log.</param>
/// <param name="Failure">Why there are no results; null where there are.</param>
/// <param name="Queued">The time until an instance was there.</param>
/// <param name="Executed">The time that the guest ran.</param>
public readonly record struct InvocationResult(long Invocation, PluginFailure? Failure, TimeSpan Queued, TimeSpan Executed)
{
    /// <summary>The result of a function that gives bytes: text, bytes or JSON that are what they are declared to be.</summary>
    public ReadOnlyMemory<byte> Bytes { get; init; }

    [MemberNotNullWhen(false, nameof(Failure))]
    public bool Succeeded => Failure is null;
}
