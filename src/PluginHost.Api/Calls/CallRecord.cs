using PluginHost.Plugins;
using PluginHost.Plugins.Invocation;

namespace PluginHost.Api.Calls;

/// <summary>What is asked of a call that is made from a message, and what is seen of it. The call that an HTTP request makes itself has none.</summary>
/// <param name="isCheck">Whether the call ends where its guest would run: what can be said of the request by then has been said.</param>
/// <param name="isRepeatable">Whether the guest may run again where an instance has failed.</param>
internal sealed class CallRecord(bool isCheck, bool isRepeatable)
{
    private bool _isRefused;

    /// <summary>Whether nothing was wrong with the request.</summary>
    public bool IsReady { get; private set; }

    public bool HasRun { get; private set; }

    /// <summary>Whether every guest came to its end, with a result or with an error of its own.</summary>
    public bool IsConclusive => IsReady && !_isRefused;

    public TimeSpan? RetryAfter { get; private set; }

    public async ValueTask<InvocationResult> InvokeAsync(
        Invoker invoker, InvocationTarget target, CallArguments arguments, Memory<ulong> results, TimeSpan? deadline, CancellationToken cancellation)
    {
        IsReady = true;

        if (isCheck)
            return new InvocationResult(0, new PluginFailure(FailureCode.Cancelled, "The call is only checked."), TimeSpan.Zero, TimeSpan.Zero);

        var result = isRepeatable
            ? await invoker.InvokeRepeatablyAsync(target, arguments, results, deadline, cancellation)
            : await invoker.InvokeAsync(target, arguments, results, deadline, cancellation);

        HasRun |= result.Succeeded || result.Failure.Instance is not null;
        _isRefused |= result is { Failure: { Code: not FailureCode.PluginError } };
        RetryAfter = result.Failure?.RetryAfter ?? RetryAfter;
        return result;
    }
}
