using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PluginHost.Plugins.Catalog;
using Polly;
using Polly.Retry;

namespace PluginHost.Plugins.Operations;

/// <summary>
/// Calls that nobody waits for, and calls that are made once however often they are asked for. Both are on the disk: what was accepted is run though the
/// server be restarted, and what was answered under an idempotency key is answered again.
/// </summary>
public sealed partial class PluginOperations : IDisposable
{
    /// <summary>Of one plugin's that run at one time.</summary>
    private const int MaximumRunners = 4;

    private const int MaximumPageSize = 1_000;
    private const string IdAlphabet = "abcdefghjkmnpqrstuvwxyz23456789";
    private const int IdLength = 20;

    private static readonly TimeSpan ExpiryInterval = TimeSpan.FromMinutes(1);

    private readonly PluginRegistry _registry;
    private readonly OperationTable _table;
    private readonly DiskSpace _space;
    private readonly HostState _state;
    private readonly Lazy<ICallMessages?> _calls;
    private readonly PluginHostLimits _limits;
    private readonly TimeProvider _clock;
    private readonly ILogger<PluginOperations> _logger;
    private readonly TimeSpan _kept;
    private readonly SemaphoreSlim _places;
    private readonly ResiliencePipeline<CallAnswer> _patience;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<string, GoingOperation> _going = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Plugin, string Caller, string Key), byte> _begun = new();
    private readonly Dictionary<string, OperationLane> _lanes = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private readonly List<Task> _runners = [];
    private long _expired;

    internal PluginOperations(
        PluginRegistry registry, OperationTable table, DiskSpace space, HostState state, Lazy<ICallMessages?> calls, TimeProvider clock, IOptions<PluginHostOptions> options, ILogger<PluginOperations> logger)
    {
        _registry = registry;
        _table = table;
        _space = space;
        _state = state;
        _calls = calls;
        _limits = options.Value.Limits;
        _clock = clock;
        _logger = logger;
        _kept = TimeSpan.FromHours(_limits.OperationHours);

        // Callers that wait have most of the server to themselves.
        _places = new SemaphoreSlim(Math.Max(1, _limits.MaximumConcurrentInvocations / 4));
        _patience = new ResiliencePipelineBuilder<CallAnswer> { TimeProvider = clock }
            .AddRetry(new RetryStrategyOptions<CallAnswer>
            {
                ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome.Result is { HasRun: false, Status: 429 or 503 } && !_stopping.IsCancellationRequested),
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                Delay = TimeSpan.FromMilliseconds(50),
                MaxDelay = TimeSpan.FromSeconds(5),
                UseJitter = true,
            })
            .Build();
    }

    /// <summary>Accepts a call that nobody will wait for.</summary>
    /// <param name="key">Under which the same operation is given for a repetition of the request; null for a new one each time.</param>
    public async Task<Outcome<Operation>> BeginAsync(CallMessage message, string caller, IdempotencyKey? key, CancellationToken cancellation)
    {
        if (_state.Refusal() is { } refusal)
            return refusal;

        if (key is null)
            return await AcceptAsync(message, caller, null, cancellation);

        if (!_begun.TryAdd(key.Name, 0))
            return InProgress();

        try
        {
            if (_table.Find(key) is not { } present)
                return await AcceptAsync(message, caller, key, cancellation);

            return Mismatch(present, key) ?? (Outcome<Operation>)Present(present).ToOperation(_kept);
        }
        finally
        {
            _begun.TryRemove(key.Name, out _);
        }
    }

    /// <summary>Makes a call, unless one under the same key was answered already: then that answer is given again.</summary>
    /// <returns>The answer, and whether it is one that was given before.</returns>
    public async Task<(Outcome<CallAnswer> Answer, bool IsRepeated)> RunOnceAsync(CallMessage message, IdempotencyKey key, CancellationToken cancellation)
    {
        if (!_begun.TryAdd(key.Name, 0))
            return (InProgress(), false);

        try
        {
            if (_table.Find(key) is { } present)
                return (Mismatch(present, key) ?? Answered(present), true);

            // What could not be kept had better not be run.
            if (_space.Refusal(message.Body.Length) is { } full)
                return (full, false);

            var begin = Now();
            var answer = await Calls.RunAsync(message, isRepeatable: true, cancellation);

            if (!answer.IsConclusive)
                return (answer, false);

            var record = new OperationRecord(NewId(), message.Plugin, message.Export, key.Caller, key.Key, key.Fingerprint, begin)
            {
                IsAsync = false,
                State = StateOf(answer),
                Status = answer.Status,
                EndedAt = Now(),
            };

            await _table.InsertAsync(record, answer);
            await CountAsync(message.Plugin, answer.Body.Length);
            return (answer, false);
        }
        finally
        {
            _begun.TryRemove(key.Name, out _);
        }
    }

    /// <param name="caller">Whose operation it must be; null for whoever may see all.</param>
    public Outcome<Operation> Get(string plugin, string id, string? caller)
    {
        var found = Find(plugin, id, caller);
        return found.Succeeded ? found.Value.ToOperation(_kept) : found.Failure;
    }

    /// <summary>An operation, once it has ended or the time is over.</summary>
    public async Task<Outcome<Operation>> WaitAsync(string plugin, string id, string? caller, TimeSpan longest, CancellationToken cancellation)
    {
        if (longest > TimeSpan.Zero && _going.TryGetValue(id, out var going) && going.Record.Plugin == plugin)
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _stopping.Token);
            await ((Task)going.Ended).WaitAsync(longest, _clock, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellation.ThrowIfCancellationRequested();
        }

        return Get(plugin, id, caller);
    }

    /// <summary>What the call would have been answered with.</summary>
    public Outcome<CallAnswer> Answer(string plugin, string id, string? caller)
    {
        var found = Find(plugin, id, caller);
        return found.Succeeded ? Answered(found.Value) : found.Failure;
    }

    /// <param name="caller">Whose operations; null for everybody's.</param>
    public Outcome<OperationPage> List(string plugin, string? caller, int pageSize, string? pageToken)
    {
        long? before = null;

        if (!string.IsNullOrEmpty(pageToken))
        {
            if (!long.TryParse(pageToken, NumberStyles.None, CultureInfo.InvariantCulture, out var place))
                return new PluginFailure(FailureCode.InvalidPageToken, "The page token is not one that this server gave.");

            before = place;
        }

        if (pageSize < 1)
            return new PluginFailure(FailureCode.InvalidPageSize, $"A page has at least one operation; {pageSize} were asked for.");

        if (_registry.Find(plugin) is { Succeeded: false, Failure: var failure })
            return failure;

        pageSize = Math.Min(pageSize, MaximumPageSize);
        var rows = _table.List(plugin, caller, before, pageSize + 1);
        var page = rows.Take(pageSize).ToList();
        return new OperationPage(
            [.. page.Select(row => Present(row).ToOperation(_kept))],
            rows.Count > pageSize ? page[^1].Place.ToString(CultureInfo.InvariantCulture) : null);
    }

    /// <summary>Has an operation end without a result, if it has none yet. It may still end with one that comes at that moment.</summary>
    public async Task<Outcome<Operation>> CancelAsync(string plugin, string id, string? caller, CancellationToken cancellation)
    {
        var found = Find(plugin, id, caller);

        if (!found.Succeeded)
            return found.Failure;

        if (!_going.TryGetValue(id, out var going))
            return found.Value.ToOperation(_kept);

        going.Cancel();

        // One that waits for others to end need not wait for that.
        if (going.TryClaim())
            await FinishAsync(going, OperationState.Cancelled, Cancelled());

        return (await going.Ended.WaitAsync(cancellation)).ToOperation(_kept);
    }

    /// <summary>Forgets an operation that has ended.</summary>
    public async Task<Outcome<Operation>> DeleteAsync(string plugin, string id, string? caller)
    {
        var found = Find(plugin, id, caller);

        if (!found.Succeeded)
            return found.Failure;

        if (found.Value.EndedAt is null)
            return new PluginFailure(FailureCode.InUse, "The operation has not ended; cancel it first.");

        await _table.DeleteAsync(id);
        return found.Value.ToOperation(_kept);
    }

    /// <summary>Goes on with what was there when the server ended.</summary>
    internal async Task ResumeAsync()
    {
        if (_calls.Value is null)
            return;

        var going = _table.ReadGoing();

        foreach (var record in going)
        {
            // It had begun: whether the guest did what it is for, nobody knows.
            if (record is { State: OperationState.Running, Key: null })
            {
                await EndAsync(record, OperationState.Failed, Calls.Answer(Interrupted()));
                continue;
            }

            Enqueue(new GoingOperation(record with { State = OperationState.Queued, StartedAt = null }, 0));
        }

        if (going.Count > 0)
            LogResumed(going.Count);

        // What had ended before was counted by the server that ended it.
        foreach (var plugin in _registry.All.Select(entry => entry.Name))
            await _table.TrimAsync(plugin, _limits.Operations, _limits.OperationBytes);
    }

    /// <summary>Takes up no further operation and waits for those that run; guests that run too long are interrupted by whoever drains the server.</summary>
    internal async Task StopAsync()
    {
        await _stopping.CancelAsync();
        Task[] runners;

        lock (_gate)
            runners = [.. _runners];

        await Task.WhenAll(runners);
    }

    /// <summary>Forgets what is too old, once a minute.</summary>
    internal void Expire()
    {
        if (_clock.GetElapsedTime(_expired) < ExpiryInterval)
            return;

        _expired = _clock.GetTimestamp();

        lock (_gate)
        {
            foreach (var plugin in _lanes.Where(lane => lane.Value is { Count: 0, Runners: 0 } && !_registry.Find(lane.Key).Succeeded).Select(lane => lane.Key).ToList())
                _lanes.Remove(plugin);
        }

        _ = ExpireAsync();
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _places.Dispose();
    }

    private CallAnswer Cancelled() => Calls.Answer(new PluginFailure(FailureCode.Cancelled, "The operation was cancelled."));

    private ICallMessages Calls => _calls.Value ?? throw new InvalidOperationException("This host has nothing that makes calls of messages.");

    private static string NewId() => RandomNumberGenerator.GetString(IdAlphabet, IdLength);

    // Whole milliseconds, as the catalog keeps them.
    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeMilliseconds(_clock.GetUtcNow().ToUnixTimeMilliseconds());

    private static PluginFailure InProgress() => new(FailureCode.RequestInProgress, "A request with this Idempotency-Key is on its way; ask again when it has been answered.") { RetryAfter = TimeSpan.FromSeconds(1) };

    private static PluginFailure Interrupted() => new(FailureCode.OperationInterrupted, "The server ended while the operation ran. Without an Idempotency-Key it is not run a second time.");

    private static PluginFailure NotFound(string id) => new(FailureCode.OperationNotFound, $"The plugin has no operation '{id}' of yours: there never was one, or it was forgotten.");

    private static PluginFailure? Mismatch(OperationRecord present, IdempotencyKey key) => key.Fingerprint.AsSpan().SequenceEqual(present.Fingerprint)
        ? null
        : new PluginFailure(FailureCode.IdempotencyKeyReused, "Another request was sent with this Idempotency-Key. A key belongs to one request and its repetitions.");

    private static OperationState StateOf(CallAnswer answer) => answer.Status < 400 ? OperationState.Succeeded : OperationState.Failed;

    private Outcome<CallAnswer> Answered(OperationRecord record)
    {
        if (record.EndedAt is null)
            return new PluginFailure(FailureCode.OperationNotFinished, "The operation has no result yet; Prefer: wait=10 waits for its end.") { RetryAfter = TimeSpan.FromSeconds(1) };

        return _table.Answer(record.Id) is { } answer ? answer : NotFound(record.Id);
    }

    private Outcome<OperationRecord> Find(string plugin, string id, string? caller)
    {
        if (_registry.Find(plugin) is { Succeeded: false, Failure: var failure })
            return failure;

        return _table.Find(plugin, id) is { } record && (caller is null || record.Caller == caller) ? Present(record) : NotFound(id);
    }

    /// <summary>What is known here is newer than what was read: the disk has it a moment before.</summary>
    private OperationRecord Present(OperationRecord read) => read.EndedAt is null && _going.TryGetValue(read.Id, out var going) ? going.Record with { Place = read.Place } : read;

    private async Task<Outcome<Operation>> AcceptAsync(CallMessage message, string caller, IdempotencyKey? key, CancellationToken cancellation)
    {
        var record = new OperationRecord(NewId(), message.Plugin, message.Export, caller, key?.Key, key?.Fingerprint, Now());
        var going = new GoingOperation(record, message.Body.Length);

        if ((_space.Refusal(message.Body.Length) ?? Full(going)) is { } full)
            return full;

        var isKept = false;

        try
        {
            isKept = await _table.InsertAsync(record, message, cancellation);
        }
        finally
        {
            if (!isKept)
                Leave(going);
        }

        if (!isKept)
            return new PluginFailure(FailureCode.PluginNotFound, $"The plugin '{message.Plugin}' has been deleted.");

        Enqueue(going, isCounted: true);
        return going.Record.ToOperation(_kept);
    }

    /// <summary>Counts an operation in, or says that there are too many.</summary>
    private PluginFailure? Full(GoingOperation going)
    {
        lock (_gate)
        {
            var lane = Lane(going.Record.Plugin);

            if (lane.Count >= _limits.QueuedOperations)
                return new PluginFailure(FailureCode.QueueFull, $"{_limits.QueuedOperations} operations of the plugin wait already (PluginHost:Limits:QueuedOperations).") { RetryAfter = TimeSpan.FromSeconds(1) };

            if (lane.Bytes + going.Bytes > _limits.OperationBytes)
                return new PluginFailure(FailureCode.QueueFull, $"The requests of the plugin's operations that wait have {lane.Bytes} of {_limits.OperationBytes} bytes already (PluginHost:Limits:OperationBytes).") { RetryAfter = TimeSpan.FromSeconds(1) };

            lane.Count++;
            lane.Bytes += going.Bytes;
            return null;
        }
    }

    private void Leave(GoingOperation going)
    {
        lock (_gate)
        {
            var lane = Lane(going.Record.Plugin);
            lane.Count--;
            lane.Bytes -= going.Bytes;
        }
    }

    private OperationLane Lane(string plugin)
    {
        if (!_lanes.TryGetValue(plugin, out var lane))
            _lanes[plugin] = lane = new OperationLane();

        return lane;
    }

    private void Enqueue(GoingOperation going, bool isCounted = false)
    {
        _going[going.Record.Id] = going;

        lock (_gate)
        {
            var lane = Lane(going.Record.Plugin);
            lane.Waiting.Enqueue(going);

            if (!isCounted)
                lane.Count++;

            if (lane.Runners == MaximumRunners || _stopping.IsCancellationRequested)
                return;

            lane.Runners++;
            _runners.RemoveAll(runner => runner.IsCompleted);
            _runners.Add(Task.Run(() => RunAllAsync(lane)));
        }
    }

    private async Task RunAllAsync(OperationLane lane)
    {
        while (true)
        {
            GoingOperation? next;

            lock (_gate)
            {
                if (_stopping.IsCancellationRequested || !lane.Waiting.TryDequeue(out next))
                {
                    lane.Runners--;
                    return;
                }
            }

            try
            {
                if (next.TryClaim())
                    await RunAsync(next);
            }
            catch (Exception exception) when (exception is SqliteException or ObjectDisposedException)
            {
                // It stays on the disk as it is, and the next start goes on with it.
                LogNotWritten(next.Record.Id, next.Record.Plugin, exception.Message);
                next.End(next.Record);
            }
            finally
            {
                if (_going.TryRemove(next.Record.Id, out _))
                    Leave(next);
            }
        }
    }

    private async Task RunAsync(GoingOperation going)
    {
        var record = going.Record;

        // Its plugin was deleted, and it with it.
        if (_table.Message(record.Id) is not { } message)
        {
            going.End(record with { State = OperationState.Cancelled, EndedAt = Now() });
            return;
        }

        var isRepeatable = record.Key is not null;
        CallAnswer? answer = null;

        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(going.Cancellation, _stopping.Token);
            either.CancelAfter(_kept);
            answer = await _patience.ExecuteAsync(async waiting => await AttemptAsync(going, message, isRepeatable, waiting), either.Token);
        }
        catch (OperationCanceledException)
        {
            // Below it is decided what that means.
        }

        if (answer is { IsConclusive: true } || (answer is { HasRun: true } && !_stopping.IsCancellationRequested && !going.Cancellation.IsCancellationRequested))
            await FinishAsync(going, StateOf(answer), answer);
        else if (going.Cancellation.IsCancellationRequested)
            await FinishAsync(going, OperationState.Cancelled, Cancelled());
        else if (!_stopping.IsCancellationRequested)
            await FinishAsync(going, OperationState.Failed, answer ?? Calls.Answer(new PluginFailure(FailureCode.QueueTimeout, $"The operation found no place within {_kept.TotalHours} hours (PluginHost:Limits:OperationHours).")));
        else if (going.Record.State == OperationState.Running && !isRepeatable && answer is null or { HasRun: true })
            await FinishAsync(going, OperationState.Failed, Calls.Answer(Interrupted()));
        else
            await _table.UpdateAsync(record.Id, OperationState.Queued, null);

        going.End(going.Record);
    }

    /// <param name="waiting">Ends the wait for a place and between attempts; a guest that runs is interrupted by its caller only, or by the drain.</param>
    private async Task<CallAnswer> AttemptAsync(GoingOperation going, CallMessage message, bool isRepeatable, CancellationToken waiting)
    {
        await _places.WaitAsync(waiting);

        try
        {
            if (going.Record.State != OperationState.Running)
            {
                var started = going.Record with { State = OperationState.Running, StartedAt = Now() };

                if (!await _table.UpdateAsync(started.Id, started.State, started.StartedAt))
                    throw new OperationCanceledException("The plugin was deleted.");

                going.Record = started;
            }

            var answer = await Calls.RunAsync(message, isRepeatable, going.Cancellation);

            // It must not look as if it had run while it waits for better times.
            if (answer is { HasRun: false, Status: 429 or 503 })
            {
                going.Record = going.Record with { State = OperationState.Queued, StartedAt = null };
                await _table.UpdateAsync(going.Record.Id, OperationState.Queued, null);
            }

            return answer;
        }
        finally
        {
            _places.Release();
        }
    }

    private async Task FinishAsync(GoingOperation going, OperationState state, CallAnswer answer)
    {
        going.End(await EndAsync(going.Record, state, answer));
        await CountAsync(going.Record.Plugin, answer.Body.Length);
    }

    private async Task<OperationRecord> EndAsync(OperationRecord record, OperationState state, CallAnswer answer)
    {
        var ended = record with { State = state, Status = answer.Status, EndedAt = Now() };
        await _table.EndAsync(ended, answer);
        return ended;
    }

    /// <summary>Counts what is kept, and forgets the oldest now and then.</summary>
    private async Task CountAsync(string plugin, int bytes)
    {
        lock (_gate)
        {
            var lane = Lane(plugin);
            lane.EndedCount++;
            lane.EndedBytes += bytes;

            if (lane.EndedCount <= _limits.Operations / 8 && lane.EndedBytes <= _limits.OperationBytes / 8)
                return;

            (lane.EndedCount, lane.EndedBytes) = (0, 0);
        }

        await _table.TrimAsync(plugin, _limits.Operations, _limits.OperationBytes);
    }

    private async Task ExpireAsync()
    {
        try
        {
            await _table.ExpireAsync(Now() - _kept);
        }
        catch (Exception exception) when (exception is SqliteException or ObjectDisposedException)
        {
            LogNotExpired(exception.Message);
        }
    }

    [LoggerMessage(LogLevel.Information, "{Count} operations had not ended when the server did; those that may go on")]
    private partial void LogResumed(int count);

    [LoggerMessage(LogLevel.Error, "The operation {Operation} of {Plugin} cannot be written now, and goes on at the next start: {Reason}")]
    private partial void LogNotWritten(string operation, string plugin, string reason);

    [LoggerMessage(LogLevel.Warning, "Operations that are too old cannot be forgotten now: {Reason}")]
    private partial void LogNotExpired(string reason);
}
