using PluginHost.Plugins.Invocation;
using Polly;
using Polly.CircuitBreaker;

namespace PluginHost.Plugins.Resilience;

/// <summary>
/// Leaves a plugin alone that keeps failing: it would go on costing an instance for each invocation. A plugin that has not failed lately is not even watched, so that
/// nearly all invocations pass by at the price of reading a flag.
/// </summary>
internal sealed class PluginCircuit
{
    private readonly ResiliencePipeline<Attempt>? _pipeline;
    private readonly CircuitBreakerStateProvider _state = new();
    private readonly TimeProvider _clock;
    private readonly TimeSpan _window;
    private volatile bool _isWatched;
    private long _lastFault;

    public PluginCircuit(CircuitConfiguration circuit, TimeProvider clock)
    {
        _clock = clock;
        _window = TimeSpan.FromSeconds(circuit.WindowSeconds ?? CircuitRules.DefaultWindowSeconds);

        if (circuit.Enabled == false)
            return;

        _pipeline = new ResiliencePipelineBuilder<Attempt> { TimeProvider = clock }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<Attempt>
            {
                FailureRatio = circuit.FailureRatio ?? CircuitRules.DefaultFailureRatio,
                MinimumThroughput = circuit.MinimumInvocations ?? CircuitRules.DefaultMinimumInvocations,
                SamplingDuration = _window,
                BreakDuration = TimeSpan.FromSeconds(circuit.BreakSeconds ?? CircuitRules.DefaultBreakSeconds),
                ShouldHandle = static arguments => ValueTask.FromResult(arguments.Outcome.Result.IsFault),
                StateProvider = _state,
            })
            .Build();
    }

    /// <summary>Whether invocations go through <see cref="RunAsync"/>.</summary>
    public bool IsWatched => _isWatched;

    public CircuitState State => _pipeline is null ? CircuitState.Disabled : !_isWatched ? CircuitState.Closed : _state.CircuitState switch
    {
        Polly.CircuitBreaker.CircuitState.Open or Polly.CircuitBreaker.CircuitState.Isolated => CircuitState.Open,
        Polly.CircuitBreaker.CircuitState.HalfOpen => CircuitState.HalfOpen,
        _ => CircuitState.Closed,
    };

    /// <summary>Whether a failure shows that the plugin is ill. A caller can cause wrong arguments and short deadlines, and an error that the plugin returns is an answer.</summary>
    /// <param name="isOwnDeadline">Whether the deadline was the plugin's own, not a caller's shorter one.</param>
    public static bool IsFault(PluginFailure? failure, bool isOwnDeadline) => failure?.Code switch
    {
        FailureCode.Trap or FailureCode.GuestExit or FailureCode.GuestOutOfMemory or FailureCode.FuelExhausted or FailureCode.InitFailed or FailureCode.InvalidResult => true,
        FailureCode.DeadlineExceeded => isOwnDeadline,
        _ => false,
    };

    /// <summary>Watches the plugin from here on: an invocation has failed by its fault.</summary>
    public void Watch()
    {
        if (_pipeline is null)
            return;

        Volatile.Write(ref _lastFault, _clock.GetTimestamp());
        _isWatched = true;
    }

    /// <summary>Runs an invocation, or refuses it.</summary>
    /// <returns>The attempt, or when to come again.</returns>
    public async ValueTask<(Attempt? Attempt, TimeSpan RetryAfter)> RunAsync<TState>(Func<TState, ValueTask<Attempt>> invoke, TState state, CancellationToken cancellation)
    {
        var context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: false, cancellation);

        try
        {
            var outcome = await _pipeline!.ExecuteOutcomeAsync(
                static async (_, call) => Outcome.FromResult(await call.Invoke(call.State)), context, (Invoke: invoke, State: state));

            if (outcome.Exception is BrokenCircuitException open)
                return (null, open.RetryAfter ?? TimeSpan.FromSeconds(1));

            outcome.ThrowIfException();

            // What has been quiet for a whole window has nothing left to count.
            if (!outcome.Result.IsFault && _state.CircuitState == Polly.CircuitBreaker.CircuitState.Closed && _clock.GetElapsedTime(Volatile.Read(ref _lastFault)) > _window)
                _isWatched = false;

            return (outcome.Result, default);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    /// <summary>An invocation that ran, or was refused by something else.</summary>
    internal readonly record struct Attempt(InvocationResult Result, bool IsFault);
}
