using PluginHost.Plugins.Telemetry;

namespace PluginHost.Plugins.Pooling;

/// <summary>
/// The instances of one version. One is lent to one invocation at a time, the one used last first, so that the others can grow old and be released.
/// Invocations that find none wait in a bounded queue, without a thread, for one that is returned or newly started.
/// </summary>
/// <param name="start">Starts an instance; takes long, and reports failure as data.</param>
/// <param name="concurrency">Bounds how many instances start at one time on the whole server.</param>
internal sealed class InstancePool(
    int version, PluginSettings settings, Func<Outcome<GuestInstance>> start, InstanceCapacity capacity, SemaphoreSlim concurrency, TimeProvider clock)
{
    private static readonly TimeSpan InterruptInterval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan InterruptPatience = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly List<GuestInstance> _idle = [];
    private readonly List<GuestInstance> _lent = [];
    private readonly LinkedList<TaskCompletionSource<Rental>> _waiting = new();
    private int _minimum = settings.MinimumInstances;
    private int _starting;
    private long _created;
    private long _discarded;
    private long _released;
    private bool _retired;
    private TaskCompletionSource? _empty;

    private int Total => _idle.Count + _lent.Count + _starting;

    /// <summary>Whether nothing is left of the pool that would be lost with it.</summary>
    public bool IsUnused
    {
        get
        {
            lock (_gate)
                return Total == 0 && _waiting.Count == 0;
        }
    }

    /// <summary>Takes an idle instance where there is one.</summary>
    public bool TryRent(out Rental rental)
    {
        lock (_gate)
        {
            if (_retired)
            {
                rental = default;
                return true;
            }

            if (_idle.Count > 0)
            {
                rental = new Rental(TakeIdle(), null);
                return true;
            }
        }

        rental = default;
        return false;
    }

    /// <summary>Takes an idle instance, or waits for one.</summary>
    /// <param name="remaining">What is left of the invocation's deadline.</param>
    /// <param name="isHeldByCaller">Whether the caller itself holds an instance of this pool, and would wait for its own end. It gets a free or a new one or none.</param>
    public async ValueTask<Rental> RentAsync(TimeSpan remaining, bool isHeldByCaller, CancellationToken cancellation)
    {
        var waiter = new TaskCompletionSource<Rental>(TaskCreationOptions.RunContinuationsAsynchronously);
        LinkedListNode<TaskCompletionSource<Rental>> place;
        bool starts;

        lock (_gate)
        {
            if (_retired)
                return default;

            if (_idle.Count > 0)
                return new Rental(TakeIdle(), null);

            // Those for whom an instance starts already do not count as waiting for another's.
            starts = Total < settings.MaximumInstances && _waiting.Count >= _starting;

            if (!starts && isHeldByCaller && _waiting.Count >= _starting)
                return new Rental(null, WouldWaitForItself());

            if (!starts && _waiting.Count - _starting >= settings.QueueLength)
                return new Rental(null, QueueFull());

            if (starts)
                _starting++;

            // Who holds an instance already goes first: until it has another, that one is of no use to anybody.
            place = isHeldByCaller ? _waiting.AddFirst(waiter) : _waiting.AddLast(waiter);
        }

        if (starts)
            Begin();

        var timeout = remaining < settings.QueueTimeout ? remaining : settings.QueueTimeout;

        try
        {
            return await waiter.Task.WaitAsync(timeout, clock, cancellation);
        }
        catch (TimeoutException)
        {
            return await LeaveAsync(place) ?? new Rental(null, remaining <= settings.QueueTimeout ? Deadline() : QueueTimeout());
        }
        catch (OperationCanceledException)
        {
            return await LeaveAsync(place) ?? new Rental(null, new PluginFailure(FailureCode.Cancelled, "The caller gave up while the invocation waited for an instance."));
        }
    }

    /// <summary>Takes an instance in that was started outside: by the upload.</summary>
    public void Seed(GuestInstance instance)
    {
        lock (_gate)
        {
            if (!_retired)
            {
                _created++;
                Give(instance);
                return;
            }
        }

        Drop(instance);
    }

    /// <summary>Takes a lent instance back.</summary>
    public void Return(GuestInstance instance)
    {
        lock (_gate)
        {
            EndLoan(instance);

            if (!_retired)
            {
                Give(instance);
                return;
            }
        }

        Drop(instance);
    }

    /// <summary>Takes a lent instance back whose state cannot be trusted, and replaces it where it is needed.</summary>
    public void Discard(GuestInstance instance)
    {
        bool starts;

        lock (_gate)
        {
            EndLoan(instance);
            _discarded++;
            starts = StartIfNeeded();
        }

        Drop(instance);

        if (starts)
            Begin();
    }

    /// <summary>How many instances stay when idle: none of a version that is not live.</summary>
    public void Keep(bool isLive)
    {
        lock (_gate)
            _minimum = isLive ? settings.MinimumInstances : 0;
    }

    /// <summary>Lets go the instances above the minimum that have been idle for too long.</summary>
    public void ReleaseIdle()
    {
        List<GuestInstance>? released = null;

        lock (_gate)
        {
            while (_idle.Count > 0 && Total > _minimum && clock.GetElapsedTime(_idle[0].IdleSince) >= settings.Idle)
                (released ??= []).Add(TakeOldest());
        }

        foreach (var instance in released ?? [])
            Drop(instance);
    }

    /// <summary>Lets one idle instance go, for a pool that has none.</summary>
    public bool TryReleaseOne()
    {
        GuestInstance instance;

        lock (_gate)
        {
            if (_idle.Count == 0)
                return false;

            instance = TakeOldest();
        }

        Drop(instance);
        return true;
    }

    /// <summary>Lends nothing from here on. Who waits is told to look for the pool's successor; what is lent ends when it is returned.</summary>
    public void Retire()
    {
        GuestInstance[] idle;

        lock (_gate)
        {
            if (_retired)
                return;

            _retired = true;
            idle = [.. _idle];
            _idle.Clear();

            foreach (var waiter in _waiting)
                waiter.TrySetResult(default);

            _waiting.Clear();
        }

        foreach (var instance in idle)
            Drop(instance);
    }

    /// <summary>Waits until nothing is lent or starting; after <paramref name="limit"/> it interrupts what still runs. The pool has to be retired.</summary>
    public async Task DrainAsync(TimeSpan limit)
    {
        Task empty;

        lock (_gate)
        {
            if (_lent.Count + _starting == 0)
            {
                capacity.Remove(this);
                return;
            }

            _empty ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            empty = _empty.Task;
        }

        try
        {
            await empty.WaitAsync(limit, clock);
        }
        catch (TimeoutException)
        {
            // An interrupted guest ends within a millisecond; a start that hangs ends with its own deadline.
            var patience = settings.StartDeadline + InterruptPatience;

            for (var begin = clock.GetTimestamp(); !empty.IsCompleted && clock.GetElapsedTime(begin) < patience;)
            {
                Interrupt();
                await empty.WaitAsync(InterruptInterval, clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        capacity.Remove(this);
    }

    public PoolStatistics Statistics()
    {
        lock (_gate)
        {
            return new PoolStatistics(
                version,
                _minimum,
                settings.MaximumInstances,
                Total,
                _idle.Count,
                _lent.Count,
                _starting,
                _waiting.Count,
                settings.QueueLength,
                _created,
                _discarded,
                _released,
                _idle.Sum(instance => instance.MemoryBytes) + _lent.Sum(instance => instance.MemoryBytes));
        }
    }

    /// <summary>Interrupts what runs. What is lent and does not run yet is not reached: the caller comes back.</summary>
    private void Interrupt()
    {
        lock (_gate)
        {
            foreach (var instance in _lent)
                instance.InterruptForDrain();
        }
    }

    private PluginFailure WouldWaitForItself() => new(
        FailureCode.CallDeadlock,
        $"All {settings.MaximumInstances} instances of version {version} are busy, and the call comes from one of them: it would wait for itself. Give the plugin a larger pool, or let it call a function of its own instead.");

    private PluginFailure QueueFull() => new(FailureCode.QueueFull, $"All {settings.MaximumInstances} instances are busy and {settings.QueueLength} invocations wait already.")
    {
        RetryAfter = TimeSpan.FromSeconds(1),
    };

    private PluginFailure QueueTimeout() => new(FailureCode.QueueTimeout, $"No instance became free within {settings.QueueTimeout.TotalMilliseconds} ms.")
    {
        RetryAfter = TimeSpan.FromSeconds(1),
    };

    private static PluginFailure Deadline() => new(FailureCode.DeadlineExceeded, "The deadline passed while the invocation waited for an instance.");

    /// <summary>Leaves the queue.</summary>
    /// <returns>What was granted just before, or null.</returns>
    private async ValueTask<Rental?> LeaveAsync(LinkedListNode<TaskCompletionSource<Rental>> place)
    {
        lock (_gate)
        {
            if (place.List is not null)
            {
                _waiting.Remove(place);
                return null;
            }
        }

        return await place.Value.Task;
    }

    private GuestInstance TakeIdle()
    {
        var instance = _idle[^1];

        _idle.RemoveAt(_idle.Count - 1);
        Lend(instance);
        return instance;
    }

    private GuestInstance TakeOldest()
    {
        var instance = _idle[0];

        _idle.RemoveAt(0);
        _released++;
        return instance;
    }

    private void Lend(GuestInstance instance)
    {
        instance.LoanIndex = _lent.Count;
        _lent.Add(instance);
    }

    private void EndLoan(GuestInstance instance)
    {
        var last = _lent[^1];

        _lent[instance.LoanIndex] = last;
        last.LoanIndex = instance.LoanIndex;
        _lent.RemoveAt(_lent.Count - 1);
        SignalEmpty();
    }

    private void SignalEmpty()
    {
        if (_lent.Count + _starting == 0)
            _empty?.TrySetResult();
    }

    /// <summary>To whoever waits longest, or to the idle ones.</summary>
    private void Give(GuestInstance instance)
    {
        if (_waiting.First is { } first)
        {
            _waiting.RemoveFirst();
            Lend(instance);
            first.Value.SetResult(new Rental(instance, null));
            return;
        }

        instance.IdleSince = clock.GetTimestamp();
        _idle.Add(instance);
    }

    /// <summary>Counts one more start where somebody waits for it or the minimum asks for it.</summary>
    private bool StartIfNeeded()
    {
        if (_retired || Total >= settings.MaximumInstances || (_waiting.Count <= _starting && Total >= _minimum))
            return false;

        _starting++;
        return true;
    }

    private void Drop(GuestInstance instance)
    {
        instance.Dispose();
        capacity.Release();
    }

    private void Begin() => _ = Task.Run(StartAsync);

    private async Task StartAsync()
    {
        // Outside the lock: to make room, this may look into other pools.
        if (!capacity.TryAcquire())
        {
            WithoutCapacity();
            return;
        }

        await concurrency.WaitAsync();

        Outcome<GuestInstance> outcome;

        try
        {
            outcome = start();
        }
        finally
        {
            concurrency.Release();
        }

        if (outcome.Succeeded)
            Started(outcome.Value);
        else
            NotStarted(outcome.Failure);
    }

    private void Started(GuestInstance instance)
    {
        lock (_gate)
        {
            _starting--;
            _created++;
            SignalEmpty();

            if (!_retired)
            {
                Give(instance);
                return;
            }
        }

        Drop(instance);
    }

    /// <summary>One failed start answers one invocation, so a module that cannot start is not started more often than it is asked for.</summary>
    private void NotStarted(PluginFailure failure)
    {
        bool starts;

        lock (_gate)
        {
            _starting--;
            SignalEmpty();
            FailFirst(failure);
            starts = _waiting.Count > 0 && StartIfNeeded();
        }

        capacity.Release();

        if (starts)
            Begin();
    }

    private void WithoutCapacity()
    {
        lock (_gate)
        {
            _starting--;
            SignalEmpty();

            // While an instance of this version's own is there, its return serves who waits.
            if (Total > 0)
                return;

            while (_waiting.Count > 0)
                FailFirst(new PluginFailure(FailureCode.NoCapacity, "The server has as many instances as it may.") { RetryAfter = TimeSpan.FromSeconds(1) });
        }
    }

    private void FailFirst(PluginFailure failure)
    {
        if (_waiting.First is not { } first)
            return;

        _waiting.RemoveFirst();
        first.Value.SetResult(new Rental(null, failure));
    }
}
