using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PluginHost.Plugins.HostFunctions;
using PluginHost.Plugins.Loading;
using PluginHost.Plugins.Pooling;
using PluginHost.Plugins.Resilience;
using PluginHost.Plugins.Telemetry;
using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Plugins.Invocation;

/// <summary>Calls exports. Values pass as bits: 32-bit ones in the low half.</summary>
public sealed partial class Invoker
{
    private const int MaximumListed = 100;
    private const int MaximumResolutions = 8;

    private const string BufferHint =
        """
        Import pluginhost.dev/sdk, or export a buffer:
        var in []byte
        //go:wasmexport pluginhost_buffer
        func buffer(n uint32) unsafe.Pointer { in = make([]byte, n); return unsafe.Pointer(unsafe.SliceData(in)) }
        """;

    private static readonly ActivitySource Spans = new(TelemetryNames.ActivitySource);

    private readonly PluginRegistry _registry;
    private readonly VersionLoader _loader;
    private readonly GuestRunner _runner;
    private readonly HostState _state;
    private readonly PluginMeter _meter;
    private readonly TimeProvider _clock;
    private readonly ILogger<Invoker> _logger;
    private readonly int _maximumRunning;
    private readonly int _maximumBodyBytes;
    private int _running;
    private long _invocations;

    internal Invoker(
        PluginRegistry registry,
        VersionLoader loader,
        GuestRunner runner,
        HostState state,
        PluginMeter meter,
        TimeProvider clock,
        IOptions<PluginHostOptions> options,
        ILogger<Invoker> logger)
    {
        _registry = registry;
        _loader = loader;
        _runner = runner;
        _state = state;
        _meter = meter;
        _clock = clock;
        _logger = logger;
        _maximumRunning = options.Value.Limits.MaximumConcurrentInvocations;
        _maximumBodyBytes = options.Value.Limits.BodyBytes;
    }

    /// <summary>Guests that run at this moment, on the whole server.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>Finds an export and loads its version where it is not loaded yet; usually done at once.</summary>
    /// <param name="version">Ordinal, digest or alias; null for <c>live</c>. Of an alias's versions one is chosen by its weight, here and once.</param>
    /// <param name="affinity">Invocations with the same one take the same of an alias's versions; null for each by itself.</param>
    public ValueTask<Outcome<InvocationTarget>> ResolveAsync(string plugin, string? version, string export, string? affinity, CancellationToken cancellation)
    {
        var found = _registry.Find(plugin);

        if (!found.Succeeded)
            return new(found.Failure);

        if (version is null && found.Value.Live is { } live)
            return new(Target(live, export));

        var chosen = found.Value.Choose(version, affinity);

        if (chosen.Succeeded && found.Value.FindLoaded(chosen.Value.Ordinal) is { } loaded)
            return new(Target(loaded, export));

        return LoadAsync(found.Value, chosen, export, cancellation);
    }

    /// <summary>As <see cref="ResolveAsync(string, string?, string, string?, CancellationToken)"/>, each by itself.</summary>
    public ValueTask<Outcome<InvocationTarget>> ResolveAsync(string plugin, string? version, string export, CancellationToken cancellation) =>
        ResolveAsync(plugin, version, export, null, cancellation);

    /// <summary>
    /// Calls an export once: on the calling thread when an instance is idle, and otherwise on one of the pool's when its turn comes.
    /// </summary>
    /// <param name="target">When it has been retired meanwhile, by a new configuration for example, its successor is called.</param>
    /// <param name="arguments">One for each parameter.</param>
    /// <param name="results">Room for one for each result; meaningful on success only.</param>
    /// <param name="deadline">The caller's own, which can only be shorter than the plugin's; null for the plugin's. Where nothing is left of it, no guest runs.</param>
    /// <param name="cancellation">The caller gave up.</param>
    public ValueTask<InvocationResult> InvokeAsync(
        InvocationTarget target, ReadOnlyMemory<ulong> arguments, Memory<ulong> results, TimeSpan? deadline, CancellationToken cancellation) =>
        InvokeAsync(target, new CallArguments(arguments), results, deadline, cancellation);

    /// <summary>Calls an export or a handler once, with values of all declared types.</summary>
    public ValueTask<InvocationResult> InvokeAsync(InvocationTarget target, CallArguments arguments, Memory<ulong> results, TimeSpan? deadline, CancellationToken cancellation) =>
        InvokeAsync(target, arguments, results, deadline, null, cancellation);

    /// <summary>Calls an export or a handler for another plugin.</summary>
    /// <param name="chain">The invocations that led here; null where there are none.</param>
    public ValueTask<InvocationResult> InvokeAsync(
        InvocationTarget target, CallArguments arguments, Memory<ulong> results, TimeSpan? deadline, CallChain? chain, CancellationToken cancellation)
    {
        var guards = target.Version.Plugin.Guards;

        if (guards.Rate?.Wait() is { } wait)
            return new(Refused(target, NextInvocation(), TooOften(guards.Rate, wait), _clock.GetTimestamp()));

        return guards.Circuit.IsWatched
            ? InvokeWatchedAsync(guards.Circuit, new InvocationRequest(target, arguments, results, deadline, chain, cancellation))
            : InvokeUnguardedAsync(target, arguments, results, deadline, chain, cancellation);
    }

    /// <summary>
    /// As <see cref="InvokeAsync(InvocationTarget, CallArguments, Memory{ulong}, TimeSpan?, CancellationToken)"/>, and once more in another instance where one has failed, within the same time. Only for a caller who has
    /// said that it may run twice.
    /// </summary>
    public ValueTask<InvocationResult> InvokeRepeatablyAsync(InvocationTarget target, CallArguments arguments, Memory<ulong> results, TimeSpan? deadline, CancellationToken cancellation)
    {
        var begin = _clock.GetTimestamp();
        var limit = deadline is { } own && own < target.Deadline ? own : target.Deadline;

        return FreshInstance.Pipeline.ExecuteAsync(
            static async (call, waiting) => await call.Invoker.InvokeAsync(call.Target, call.Arguments, call.Results, call.Limit - call.Invoker._clock.GetElapsedTime(call.Begin), waiting),
            (Invoker: this, Target: target, Arguments: arguments, Results: results, Limit: limit, Begin: begin),
            cancellation);
    }

    private static PluginFailure TooOften(InvocationRate rate, TimeSpan wait) =>
        new(FailureCode.RateLimited, $"The plugin may be invoked {rate.PerSecond} times a second (limits.invocationsPerSecond).") { RetryAfter = wait };

    private long NextInvocation() => Interlocked.Increment(ref _invocations);

    private async ValueTask<InvocationResult> InvokeWatchedAsync(PluginCircuit circuit, InvocationRequest request)
    {
        var (attempt, retryAfter) = await circuit.RunAsync(
            static async call =>
            {
                var (invoker, (target, arguments, results, deadline, chain, cancellation)) = call;
                var result = await invoker.InvokeUnguardedAsync(target, arguments, results, deadline, chain, cancellation);
                return new PluginCircuit.Attempt(result, PluginCircuit.IsFault(result.Failure, IsOwnDeadline(target, deadline)));
            },
            (this, request),
            request.Cancellation);

        return attempt?.Result ?? Refused(
            request.Target,
            NextInvocation(),
            new PluginFailure(FailureCode.CircuitOpen, "The plugin keeps failing and is left alone for a while; then one invocation tries whether it is well again.") { RetryAfter = retryAfter },
            _clock.GetTimestamp());
    }

    private static bool IsOwnDeadline(InvocationTarget target, TimeSpan? deadline) => deadline is null || deadline >= target.Version.Settings.Deadline;

    private ValueTask<InvocationResult> InvokeUnguardedAsync(
        InvocationTarget target, CallArguments arguments, Memory<ulong> results, TimeSpan? deadline, CallChain? chain, CancellationToken cancellation)
    {
        var begin = _clock.GetTimestamp();
        var invocation = NextInvocation();
        var limit = target.Version.Settings.Deadline;

        if (deadline is { } own && own < limit)
            limit = own;

        // 1. What does not need an instance to be refused.
        if (_state.Refusal() is { } refusal)
            return new(Refused(target, invocation, refusal, begin));

        if (arguments.Values.Length != target.Type.Parameters.Length)
            return new(Refused(target, invocation, WrongArity(target, arguments.Values.Length), begin));

        if (Unplaceable(target, arguments.Bytes.Length) is { } unplaceable)
            return new(Refused(target, invocation, unplaceable, begin));

        if (chain?.Depth >= CallChain.MaximumDepth)
            return new(Refused(target, invocation, new PluginFailure(FailureCode.CallDepthExceeded, $"Plugins call each other at most {CallChain.MaximumDepth} deep."), begin));

        if (limit <= TimeSpan.Zero)
            return new(Refused(target, invocation, new PluginFailure(FailureCode.DeadlineExceeded, "The deadline passed before the invocation began."), begin));

        if (results.Length < target.Type.Results.Length)
            throw new ArgumentException("There is less room than the export has results.", nameof(results));

        // 2. The way of nearly every invocation: an instance is idle, and the guest runs here and now.
        if (target.Version.Pool.TryRent(out var rental) && rental.Instance is { } guest)
            return new(Run(target, guest, invocation, arguments, results[..target.Type.Results.Length], limit, begin, chain, cancellation));

        return InvokeQueuedAsync(target, invocation, arguments, results, limit, begin, chain, cancellation);
    }

    private static Outcome<InvocationTarget> Target(LoadedVersion version, string export)
    {
        if (!version.Targets.TryGetValue(export, out var target))
        {
            return new PluginFailure(FailureCode.ExportNotFound, $"The plugin '{version.Plugin.Name}' exports no such function in version {version.Ordinal}.")
            {
                Available = [.. version.Targets.Keys.Order(StringComparer.Ordinal).Take(MaximumListed)],
            };
        }

        foreach (var type in target.Type.Parameters)
        {
            if (!type.IsNumber())
                return Unsupported(target);
        }

        foreach (var type in target.Type.Results)
        {
            if (!type.IsNumber())
                return Unsupported(target);
        }

        return target;
    }

    private static PluginFailure Unsupported(InvocationTarget target) =>
        new(FailureCode.UnsupportedSignature, $"The export has the type {target.Type}, and references cannot be passed from outside.");

    /// <summary>Why there is no place in the plugin's memory for so many bytes, or null.</summary>
    private static PluginFailure? Unplaceable(InvocationTarget target, int length)
    {
        var module = target.Version.Module;

        if (length == 0 || module.HasBuffer || (length <= ArgumentArea.Length && module.HasArgumentArea))
            return null;

        return new PluginFailure(
            FailureCode.ArgumentTooLarge,
            module.HasArgumentArea
                ? $"The arguments have {length} bytes, and a Go plugin that offers no buffer takes {ArgumentArea.Length}."
                : $"The arguments have {length} bytes, and the plugin offers no memory for them: it is not Go's, and it exports no {ReservedExports.Buffer}.")
        {
            Hint = BufferHint,
        };
    }

    private static PluginFailure WrongArity(InvocationTarget target, int given) =>
        new(FailureCode.WrongArity, $"The export takes {target.Type.Parameters.Length} argument(s) and was given {given}: its type is {target.Type}.");

    private async ValueTask<Outcome<InvocationTarget>> LoadAsync(PluginEntry plugin, Outcome<PluginVersion> version, string export, CancellationToken cancellation)
    {
        if (_state.Refusal() is { } refusal)
            return refusal;

        if (!version.Succeeded)
            return version.Failure;

        var loaded = await _loader.LoadAsync(plugin, version.Value, cancellation);
        return loaded.Succeeded ? Target(loaded.Value, export) : loaded.Failure;
    }

    private async ValueTask<InvocationResult> InvokeQueuedAsync(
        InvocationTarget target,
        long invocation,
        CallArguments arguments,
        Memory<ulong> results,
        TimeSpan limit,
        long begin,
        CallChain? chain,
        CancellationToken cancellation)
    {
        for (var resolutions = 0; resolutions < MaximumResolutions; resolutions++)
        {
            var remaining = limit - _clock.GetElapsedTime(begin);

            if (remaining <= TimeSpan.Zero)
                break;

            var rental = await target.Version.Pool.RentAsync(remaining, chain?.Holds(target.Version.Pool) == true, cancellation);

            if (rental.Instance is { } guest)
                return Run(target, guest, invocation, arguments, results[..target.Type.Results.Length], limit, begin, chain, cancellation);

            if (rental.Failure is { } failure)
                return Refused(target, invocation, failure, begin);

            // The pool was retired between resolving and calling. A version's exports never change, so its successor takes the same arguments.
            var successor = await ResolveAsync(target.Plugin, target.Ordinal.ToString(System.Globalization.CultureInfo.InvariantCulture), target.Export, cancellation);

            if (!successor.Succeeded)
                return Refused(target, invocation, successor.Failure, begin);

            if (!successor.Value.Type.Equals(target.Type))
                break;

            target = successor.Value;
        }

        return Refused(target, invocation, new PluginFailure(FailureCode.DeadlineExceeded, "The deadline passed while the invocation waited for an instance."), begin);
    }

    private InvocationResult Run(
        InvocationTarget target,
        GuestInstance guest,
        long invocation,
        CallArguments arguments,
        Memory<ulong> results,
        TimeSpan limit,
        long begin,
        CallChain? chain,
        CancellationToken cancellation)
    {
        var version = target.Version;
        var queued = _clock.GetElapsedTime(begin);

        if (Interlocked.Increment(ref _running) > _maximumRunning)
        {
            Interlocked.Decrement(ref _running);
            version.Pool.Return(guest);
            return Refused(
                target,
                invocation,
                new PluginFailure(FailureCode.NoCapacity, $"The server runs {_maximumRunning} invocations already.") { RetryAfter = TimeSpan.FromSeconds(1) },
                begin);
        }

        using var span = Spans.StartActivity("pluginhost.invocation");
        version.Plugin.Counters.Begin();
        guest.Output.Begin(invocation);
        guest.Caller.Begin(target, begin, limit, chain);

        var budget = new ExecutionBudget(limit - queued, version.Settings.Fuel, cancellation);
        var bytes = target.Signature is { TakesBytes: false, GivesBytes: false } ? null : new BytesCall(guest, target, arguments, results, budget, _maximumBodyBytes, _clock);
        var failure = bytes is null ? _runner.Call(guest, target.Index, arguments.Values, results, budget) : _runner.Call(guest, bytes);
        var executed = _clock.GetElapsedTime(begin) - queued;
        guest.Caller.End();

        // Of a caller's shorter deadline the plugin is not to blame.
        if (PluginCircuit.IsFault(failure, limit >= version.Settings.Deadline))
            version.Plugin.Guards.Circuit.Watch();

        if (failure is null or { Instance: InstanceFate.Kept })
        {
            guest.CompleteOutput();
            version.Pool.Return(guest);
            failure = failure is null ? null : failure with { Invocation = invocation };
        }
        else
        {
            failure = failure with { Instance = InstanceFate.Discarded, Invocation = invocation };
            version.Pool.Discard(guest);
        }

        Interlocked.Decrement(ref _running);
        version.Plugin.Counters.End(failure, queued, executed);
        _meter.Invocation(target.Plugin, failure, queued, executed);

        if (span is not null)
            Describe(span, target, invocation, failure);

        if (failure is null)
            LogSucceeded(target.Plugin, target.Ordinal, target.Export, invocation, executed.TotalMilliseconds);
        else if (failure.Code == FailureCode.PluginError)
            LogPluginError(target.Plugin, target.Ordinal, target.Export, invocation, executed.TotalMilliseconds);
        else
            LogFailed(target.Plugin, target.Ordinal, target.Export, invocation, executed.TotalMilliseconds, failure.Code.Text(), failure.Detail);

        return new InvocationResult(invocation, failure, queued, executed) { Bytes = bytes?.Result };
    }

    private static void Describe(Activity span, InvocationTarget target, long invocation, PluginFailure? failure)
    {
        span.SetTag("pluginhost.plugin", target.Plugin).SetTag("pluginhost.version", target.Ordinal).SetTag("pluginhost.export", target.Export).SetTag("pluginhost.invocation", invocation);

        if (failure is not null)
            span.SetStatus(ActivityStatusCode.Error, failure.Code.Text());
    }

    private InvocationResult Refused(InvocationTarget target, long invocation, PluginFailure failure, long begin)
    {
        failure = failure with { Invocation = invocation };
        target.Version.Plugin.Counters.Fail(failure);

        if (failure.Code == FailureCode.InitFailed)
            target.Version.Plugin.Guards.Circuit.Watch();

        var queued = _clock.GetElapsedTime(begin);
        _meter.Invocation(target.Plugin, failure, queued, TimeSpan.Zero);
        LogRefused(target.Plugin, target.Ordinal, target.Export, invocation, failure.Code.Text());
        return new InvocationResult(invocation, failure, queued, TimeSpan.Zero);
    }

    /// <summary>The arguments of <see cref="InvokeUnguardedAsync"/>.</summary>
    private readonly record struct InvocationRequest(
        InvocationTarget Target, CallArguments Arguments, Memory<ulong> Results, TimeSpan? Deadline, CallChain? Chain, CancellationToken Cancellation);

    [LoggerMessage(LogLevel.Debug, "{Plugin}/{Version} {Export}: invocation {Invocation} succeeded in {Milliseconds} ms")]
    private partial void LogSucceeded(string plugin, int version, string export, long invocation, double milliseconds);

    [LoggerMessage(LogLevel.Information, "{Plugin}/{Version} {Export}: invocation {Invocation} failed after {Milliseconds} ms with {Code}: {Detail}")]
    private partial void LogFailed(string plugin, int version, string export, long invocation, double milliseconds, string code, string detail);

    [LoggerMessage(LogLevel.Debug, "{Plugin}/{Version} {Export}: invocation {Invocation} answered with an error of the plugin's own after {Milliseconds} ms")]
    private partial void LogPluginError(string plugin, int version, string export, long invocation, double milliseconds);

    [LoggerMessage(LogLevel.Information, "{Plugin}/{Version} {Export}: invocation {Invocation} was refused with {Code}")]
    private partial void LogRefused(string plugin, int version, string export, long invocation, string code);
}
