using System.Collections.Immutable;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using PluginHost.Wasm.Modules;

namespace PluginHost.Wasm.Runtime;

/// <summary>
/// A module instance (spec 4.2.5). One thread at a time may run its functions; <see cref="Interrupt"/> may come from any thread. Disposing it gives its
/// memory back at once.
/// </summary>
public abstract unsafe class WasmInstance : IDisposable
{
    /// <summary>How many invocations may be nested, each from a host function that the one before called: every one of them stands on the host's own stack.</summary>
    public const int MaximumNesting = 200;

    private static readonly TimeSpan ShortestSleep = TimeSpan.FromMilliseconds(1);

    private readonly Lock _lock = new();
    private readonly InstanceLinks _links;
    private readonly WasmFunction?[] _functions;
    private readonly Dictionary<string, Export> _exports;
    private readonly IReadOnlyList<object> _states;
    private readonly int _maximumCallDepth;
    private CancellationTokenSource? _interruption;
    private long _deadline;
    private int _nesting;
    private bool _isDisposed;

    /// <summary>Counts the stretches of computing without a sleep: every call begins one.</summary>
    private int _stretch;

    /// <summary>What <see cref="DeadlineWatch"/> saw last, and since when; nobody else touches it.</summary>
    private int _seenStretch;
    private long _seenSince;

    /// <summary>Whether the running call has a place among <see cref="ProcessorTurns"/>; only its own thread touches it.</summary>
    private bool _hasTurn;

    /// <summary>Whether the running call waits, for its turn or in a sleep, and computes nothing.</summary>
    private volatile bool _isWaiting;

    /// <summary>The lowest address for native frames of compiled code on the running call's thread; the highest number where its fuel is counted.</summary>
    private ulong _stackLimit;

    private protected WasmInstance(ExecutableModule executable, InstanceLinks links, InstanceOptions options)
    {
        Module = executable.Module;
        Use = executable.Use;
        _links = links;
        _states = options.States;
        _maximumCallDepth = Math.Max(options.MaximumCallDepth, 1);
        _functions = new WasmFunction?[Module.FunctionTypeIndices.Length];
        links.Functions.CopyTo(_functions, 0);
        _exports = executable.Exports;
        Store = options.Store ?? new Store();
        FirstReference = Store.Register(this);
    }

    public WasmModule Module { get; }

    /// <summary>The memory, own or imported; null where the module has none.</summary>
    public LinearMemory? Memory => _links.Memory;

    /// <summary>What all instances of the module have computed lately.</summary>
    internal ProcessorUse Use { get; }

    /// <summary>Whether a call computes at this moment.</summary>
    internal bool IsComputing => Volatile.Read(ref _nesting) > 0 && !_isWaiting;

    internal Store Store { get; }

    /// <summary>The reference to the first function that the module defines; the others follow.</summary>
    internal ulong FirstReference { get; }

    internal InstanceContext* Context => _links.Context;

    internal Table[] Tables => _links.Tables;

    internal Global[] Globals => _links.Globals;

    /// <summary>Data and element segments that were dropped, by index.</summary>
    internal bool[] DroppedData => _links.DroppedData;

    internal bool[] DroppedElements => _links.DroppedElements;

    /// <summary>Fires when the running call is interrupted, so that a blocking host function can wait on it. It stands for the running call only.</summary>
    public CancellationToken Interruption
    {
        get
        {
            lock (_lock)
            {
                if (_interruption is null)
                {
                    _interruption = new CancellationTokenSource();

                    if (_nesting > 0 && Context->Interrupt != 0)
                        _interruption.Cancel();
                }

                return _interruption.Token;
            }
        }
    }

    /// <summary>Whether <see cref="DeadlineWatch"/> knows the instance.</summary>
    internal bool IsWatched { get; set; }

    /// <summary>When the running call must end, as a timestamp of <see cref="Stopwatch"/>; 0 for never.</summary>
    internal long Deadline => Volatile.Read(ref _deadline);

    /// <summary>What the module exports under the name: a <see cref="WasmFunction"/>, <see cref="LinearMemory"/>, <see cref="Table"/> or <see cref="Global"/>.</summary>
    /// <exception cref="KeyNotFoundException">There is no such export.</exception>
    public object Export(string name)
    {
        var export = _exports[name];

        return export.Kind switch
        {
            ExternalKind.Function => Function(export.Index),
            ExternalKind.Table => Tables[export.Index],
            ExternalKind.Memory => Memory!,
            ExternalKind.Global => Globals[export.Index],
            _ => throw new UnreachableException(),
        };
    }

    /// <summary>The exported function of the name.</summary>
    public bool TryGetFunction(string name, [NotNullWhen(true)] out WasmFunction? function)
    {
        function = _exports.TryGetValue(name, out var export) && export.Kind == ExternalKind.Function ? Function(export.Index) : null;
        return function is not null;
    }

    /// <summary>
    /// Calls a function of this instance, or one that it imports or holds in a table. Calls may be nested: from a host function that the instance called.
    /// </summary>
    /// <param name="arguments">One for each parameter, as bits: 32-bit ones in the low half; what stands in the high half is ignored.</param>
    /// <param name="results">Room for one for each result; 32-bit ones come zero-extended.</param>
    /// <param name="budget">What the call may use. A nested call is under its outer call's budget as well.</param>
    /// <exception cref="TrapException">The guest trapped or a limit ended it.</exception>
    /// <exception cref="ArgumentException">The number of arguments or the room for results is wrong.</exception>
    public void Invoke(WasmFunction function, ReadOnlySpan<ulong> arguments, Span<ulong> results, ExecutionBudget budget = default)
    {
        var type = function.Type;

        if (arguments.Length != type.Parameters.Length)
            throw new ArgumentException($"{arguments.Length} argument(s) for a function of type {type}", nameof(arguments));

        if (results.Length < type.Results.Length)
            throw new ArgumentException($"room for {results.Length} result(s) of a function of type {type}", nameof(results));

        ObjectDisposedException.ThrowIf(_isDisposed, this);

        var frame = new InvocationFrame(this);
        frame.Enter(budget);

        try
        {
            Run(function, arguments, results);
        }
        finally
        {
            frame.Leave();
        }

        for (var i = 0; i < type.Results.Length; i++)
        {
            if (type.Results[i] is ValueType.I32 or ValueType.F32)
                results[i] = (uint)results[i];
        }
    }

    /// <summary>The state of type <typeparamref name="T"/> that the instance was made with.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public T State<T>()
        where T : class
    {
        foreach (var state in _states)
        {
            if (state is T found)
                return found;
        }

        throw new InvalidOperationException($"the instance was made without a {typeof(T).Name}");
    }

    /// <summary>Ends the running call, from any thread: with the trap of the given kind, within about a millisecond. Without a running call it does nothing.</summary>
    public void Interrupt(TrapKind reason)
    {
        lock (_lock)
        {
            if (_nesting > 0)
                InterruptRunning(reason);
        }
    }

    /// <summary>Ends the running call if its deadline has passed.</summary>
    internal void InterruptIfExpired(long now)
    {
        if (IsExpired(now))
        {
            lock (_lock)
            {
                // The call that had expired may have ended, and the next begun.
                if (_nesting > 0 && IsExpired(now))
                    InterruptRunning(TrapKind.DeadlineExceeded);
            }
        }
    }

    /// <summary>Has the running call ask for its turn when it has computed without a sleep for longer than a slice.</summary>
    /// <returns>Whether something began since the last look: a call, or its way on after a sleep.</returns>
    internal bool WatchStretch(long now, long slice)
    {
        var stretch = Volatile.Read(ref _stretch);

        if (stretch != _seenStretch)
        {
            _seenStretch = stretch;
            _seenSince = now;
            return true;
        }

        if (_nesting > 0 && now - _seenSince >= slice)
        {
            _seenSince = now;

            lock (_lock)
            {
                if (_nesting > 0 && stretch == _stretch)
                {
                    Volatile.Write(ref Context->IsLong, 1);
                    Volatile.Write(ref Context->StackLimit, ulong.MaxValue);
                }
            }
        }

        return false;
    }

    /// <summary>
    /// Waits for the running call's turn where it has computed for long, and ends it where it was interrupted. Not to be called under a lock that another call
    /// might want.
    /// </summary>
    internal void Yield()
    {
        if (Context->StackLimit != _stackLimit)
        {
            // In this order: who wants attention sets its flag first and the limit then.
            Context->StackLimit = _stackLimit;
            Interlocked.MemoryBarrier();
        }

        if (Volatile.Read(ref Context->IsLong) != 0)
        {
            Volatile.Write(ref Context->IsLong, 0);
            TakeTurn();
        }

        ThrowIfInterrupted();
    }

    internal void ThrowIfInterrupted()
    {
        var interrupt = Volatile.Read(ref Context->Interrupt);

        if (interrupt != 0)
            Traps.Throw((TrapKind)(interrupt - 1));
    }

    internal void Sleep(TimeSpan duration)
    {
        // Less than the system can wait for is no rest: a guest that asks for it again and again computes.
        if (duration < ShortestSleep)
        {
            Yield();
            return;
        }

        // A wait takes at most int.MaxValue milliseconds: 24 days. Longer sleeps are that long, unless interrupted.
        Rest(
            TimeSpan.FromMilliseconds(Math.Min(duration.TotalMilliseconds, int.MaxValue)),
            static (length, interruption) => interruption.WaitHandle.WaitOne(length));
    }

    internal void Wait(Task task)
    {
        if (task.IsCompleted)
        {
            Yield();
            return;
        }

        Rest(task, static (task, interruption) =>
        {
            try
            {
                task.Wait(interruption);
            }
            catch (Exception exception) when (exception is OperationCanceledException or AggregateException)
            {
                // Interrupted, or the task's own failure, which is there for whoever asks the task.
            }
        });
    }

    /// <summary>Has the running call wait: it computes nothing, and gives its place among those that do to another.</summary>
    private void Rest<TState>(TState state, Action<TState, CancellationToken> wait)
    {
        var hadTurn = _hasTurn;
        var begin = Stopwatch.GetTimestamp();
        ProcessorTurns.Shared.Leave(ref _hasTurn);

        _isWaiting = true;
        wait(state, Interruption);
        _isWaiting = false;

        var isRested = Stopwatch.GetElapsedTime(begin) >= ShortestSleep;

        if (isRested)
        {
            lock (_lock)
            {
                _stretch++;
                Context->IsLong = 0;
            }
        }

        // Who waits for next to nothing, again and again, computes: it goes on as it was.
        if (Use.IsHeavy || (hadTurn && !isRested))
            TakeTurn();

        ThrowIfInterrupted();
    }

    /// <summary>The function of the index in the function index space.</summary>
    internal WasmFunction Function(uint index) =>
        Volatile.Read(ref _functions[index]) ?? Interlocked.CompareExchange(ref _functions[index], new DefinedFunction(this, index, Module.FunctionType(index)), null) ?? _functions[index]!;

    /// <summary>The reference to the function of the index.</summary>
    internal ulong FunctionReference(uint index) =>
        index >= (uint)Module.ImportedFunctionCount ? FirstReference + index - (uint)Module.ImportedFunctionCount : Store.Reference(_functions[index]!);

    /// <summary>Runs a function that is this instance's own; <paramref name="results"/> has room for its results.</summary>
    private protected abstract void Execute(DefinedFunction function, ReadOnlySpan<ulong> arguments, Span<ulong> results);

    /// <summary>The guest's stack when running code last left the loop, innermost first.</summary>
    private protected abstract ImmutableArray<StackFrame> CaptureFrames(TrapException trap);

    /// <summary>Has a trap say where it happened, on its way.</summary>
    /// <returns>False: the trap is not caught.</returns>
    private protected bool AttachFrames(TrapException trap)
    {
        // A trap that passes through several instances keeps the frames of the one that trapped.
        if (trap.Frames.IsEmpty)
            trap.Frames = CaptureFrames(trap);

        return false;
    }

    private void Run(WasmFunction function, ReadOnlySpan<ulong> arguments, Span<ulong> results)
    {
        switch (function)
        {
            case DefinedFunction defined when defined.Owner == this:
                Execute(defined, arguments, results);
                break;
            case DefinedFunction foreign:
                foreign.Owner.Invoke(foreign, arguments, results);
                break;
            case HostFunction host:
                Span<ulong> slots = host.Type.SlotCount <= 64 ? stackalloc ulong[64] : new ulong[host.Type.SlotCount];
                arguments.CopyTo(slots);
                var call = new HostCall(this, slots);
                host.Callback(ref call);
                slots[..host.Type.Results.Length].CopyTo(results);
                break;
            default:
                throw new UnreachableException();
        }
    }

    private void TakeTurn()
    {
        _isWaiting = true;
        ProcessorTurns.Shared.Take(ref _hasTurn, Interruption);
        _isWaiting = false;
    }

    private bool IsExpired(long now)
    {
        var deadline = Deadline;
        return deadline != 0 && now >= deadline;
    }

    private void InterruptRunning(TrapKind reason)
    {
        if (Context->Interrupt == 0)
        {
            Volatile.Write(ref Context->Interrupt, (int)reason + 1);
            Volatile.Write(ref Context->StackLimit, ulong.MaxValue);
            _interruption?.Cancel();
        }
    }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (!disposing || _isDisposed)
            return;

        _isDisposed = true;
        DeadlineWatch.Forget(this);
        _links.Dispose();
        _interruption?.Dispose();
    }

    /// <summary>What one invocation changes of its instance while it runs, and puts back.</summary>
    private ref struct InvocationFrame(WasmInstance instance)
    {
        private long _outerDeadline;
        private bool _isTimed;
        private bool _isCancellable;
        private CancellationTokenRegistration _cancellation;

        public void Enter(in ExecutionBudget budget)
        {
            lock (instance._lock)
            {
                if (instance._nesting == MaximumNesting)
                    throw new TrapException(TrapKind.CallStackExhausted, $"call stack exhausted: {MaximumNesting} invocations are nested in each other");

                if (instance._nesting > 0)
                    NativeStack.ThrowIfExhausted();

                _outerDeadline = instance._deadline;

                if (instance._nesting++ == 0)
                {
                    instance._stretch++;
                    instance.Context->IsLong = 0;
                    instance.Context->Interrupt = 0;
                    instance.Context->Fuel = long.MaxValue / 2;
                    instance._stackLimit = NativeStack.Limit(instance._maximumCallDepth);
                    instance.Context->StackLimit = instance._stackLimit;
                    ResetInterruption();
                }

                if (budget.Fuel is { } fuel)
                {
                    instance.Context->Fuel = Math.Min(instance.Context->Fuel + instance.Context->Ticks, Math.Max(fuel, 0));
                    instance.Context->Ticks = 0;
                    instance._stackLimit = ulong.MaxValue;
                    instance.Context->StackLimit = ulong.MaxValue;
                }
            }

            if (budget.Timeout is { } timeout)
            {
                _isTimed = true;
                var deadline = DeadlineWatch.Deadline(timeout);

                if (_outerDeadline == 0 || deadline < _outerDeadline)
                    Volatile.Write(ref instance._deadline, deadline);

                DeadlineWatch.Enter(instance);
            }

            if (budget.Cancellation.CanBeCanceled)
            {
                _isCancellable = true;
                _cancellation = budget.Cancellation.UnsafeRegister(static state => ((WasmInstance)state!).Interrupt(TrapKind.Cancelled), instance);
            }

            // The calls before this one have used up what short calls may have without a turn.
            if (_isTimed && instance.Use.IsHeavy && instance._nesting == 1)
                instance.TakeTurn();
        }

        public void Leave()
        {
            // Waits for a callback that is under way, so that it cannot reach the next invocation.
            if (_isCancellable)
                _cancellation.Dispose();

            if (_isTimed)
                DeadlineWatch.Leave();

            // Without the lock: who interrupts under it may still do so to this call, and the next begins by taking it and clearing that.
            Volatile.Write(ref instance._deadline, _outerDeadline);
            instance._nesting--;

            if (instance._nesting == 0 && instance._hasTurn)
                ProcessorTurns.Shared.Leave(ref instance._hasTurn);
        }

        private readonly void ResetInterruption()
        {
            if (instance._interruption is { IsCancellationRequested: true })
            {
                instance._interruption.Dispose();
                instance._interruption = null;
            }
        }
    }
}
