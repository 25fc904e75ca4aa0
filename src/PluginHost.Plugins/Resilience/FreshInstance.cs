using PluginHost.Plugins.Invocation;
using Polly;
using Polly.Retry;

namespace PluginHost.Plugins.Resilience;

/// <summary>Runs an invocation once more whose instance has failed: what has gone wrong in one may have been that one's state. It is for those who say that it is safe.</summary>
internal static class FreshInstance
{
    public static ResiliencePipeline<InvocationResult> Pipeline { get; } = new ResiliencePipelineBuilder<InvocationResult>()
        .AddRetry(new RetryStrategyOptions<InvocationResult>
        {
            ShouldHandle = static arguments => ValueTask.FromResult(IsLost(arguments.Outcome.Result.Failure)),
            MaxRetryAttempts = 1,
            Delay = TimeSpan.Zero,
        })
        .Build();

    /// <summary>A guest that ran out of time or fuel, or that nobody waits for any more, would do so again.</summary>
    private static bool IsLost(PluginFailure? failure) => failure is { Instance: InstanceFate.Discarded, Code: FailureCode.Trap or FailureCode.GuestExit or FailureCode.GuestOutOfMemory or FailureCode.InvalidResult };
}
