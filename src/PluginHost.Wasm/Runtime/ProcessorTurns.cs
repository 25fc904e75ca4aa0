namespace PluginHost.Wasm.Runtime;

/// <summary>
/// The places of calls that compute for long. There are as many as processors, and one fewer while other calls come and go, so that those always find a
/// processor free; where more calls want a place they take turns, in the order in which they asked. A call that waits keeps its thread and its instance.
/// </summary>
internal sealed class ProcessorTurns(int processors)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<ManualResetEventSlim> _waiting = new();
    private int _running;
    private bool _isReserving;

    public static ProcessorTurns Shared { get; } = new(Environment.ProcessorCount);

    /// <summary>The calls that have a place.</summary>
    public int Running
    {
        get
        {
            lock (_gate)
                return _running;
        }
    }

    /// <summary>The calls that wait for one.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
                return _waiting.Count;
        }
    }

    private int Places => Math.Max(_isReserving ? processors - 1 : processors, 1);

    /// <summary>Keeps one processor free for short calls, or gives it to a long one.</summary>
    public void Reserve(bool isReserving)
    {
        if (_isReserving == isReserving)
            return;

        lock (_gate)
        {
            _isReserving = isReserving;
            Grant();
        }
    }

    /// <summary>Takes a place, or passes on the one that the call has where others wait, and returns when the call may go on.</summary>
    /// <param name="isHeld">Whether the call has a place; not set where the wait was cancelled.</param>
    public void Take(ref bool isHeld, CancellationToken cancellation)
    {
        ManualResetEventSlim turn;
        LinkedListNode<ManualResetEventSlim> place;

        lock (_gate)
        {
            if (_waiting.Count == 0 && (isHeld ? _running <= Places : _running < Places))
            {
                _running += isHeld ? 0 : 1;
                isHeld = true;
                return;
            }

            // Without spinning: a turn is milliseconds away, and who spins takes the processor from the calls that wait for none.
            turn = new ManualResetEventSlim(false, spinCount: 0);
            place = _waiting.AddLast(turn);
            _running -= isHeld ? 1 : 0;
            isHeld = false;
            Grant();
        }

        using (turn)
        {
            try
            {
                turn.Wait(cancellation);
                isHeld = true;
            }
            catch (OperationCanceledException)
            {
                lock (_gate)
                {
                    // The place may have been granted at the same moment.
                    isHeld = place.List is null;

                    if (!isHeld)
                        _waiting.Remove(place);
                }
            }
        }
    }

    /// <summary>Gives a place back: the call has ended or waits for something else.</summary>
    public void Leave(ref bool isHeld)
    {
        if (!isHeld)
            return;

        isHeld = false;

        lock (_gate)
        {
            _running--;
            Grant();
        }
    }

    private void Grant()
    {
        while (_running < Places && _waiting.First is { } first)
        {
            _waiting.RemoveFirst();
            _running++;
            first.Value.Set();
        }
    }
}
