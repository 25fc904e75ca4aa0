using System.Runtime.CompilerServices;
using PluginHost.Wasm.Interpreter;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Wasm.Compiler;

/// <summary>The functions of all modules that wait for the compiler, and the one thread that compiles them, below every other in priority.</summary>
internal sealed unsafe class CompileQueue
{
    /// <summary>Beside a thread that computes the compiler gets a quarter of a processor: calls are not delayed, and it comes to an end on a machine that is never idle.</summary>
    private const int Niceness = 5;

    private const int MaximumWaiting = 4_096;

    /// <summary>How many functions are compiled before the first of them is used, so that it need not wait for long.</summary>
    private const int MaximumBatch = 16;

    private readonly object _gate = new();
    private readonly Queue<(ModuleCompiler Compiler, uint Function, bool IsResume)> _waiting = [];
    private readonly int _maximumWaiting;
    private readonly bool _hasThread;
    private Thread? _thread;
    private int _failures;

    /// <param name="maximumWaiting">How many functions may wait; what is hot then asks again.</param>
    /// <param name="hasThread">Whether they are compiled in the background; otherwise by whoever calls <see cref="CompileNext"/>.</param>
    internal CompileQueue(int maximumWaiting = MaximumWaiting, bool hasThread = true)
    {
        _maximumWaiting = maximumWaiting;
        _hasThread = hasThread;
    }

    public static CompileQueue Shared { get; } = new();

    /// <summary>The functions that wait.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
                return _waiting.Count;
        }
    }

    /// <summary>How many functions could not be compiled, by a fault of the compiler's own.</summary>
    public int Failures => Volatile.Read(ref _failures);

    /// <summary>Has a function compiled, where there is room to wait.</summary>
    /// <param name="tier">Where it comes: it says what is to be compiled of it.</param>
    public void TryAdd(ModuleCompiler compiler, FunctionSlot* slot, Tier tier)
    {
        lock (_gate)
        {
            // Whoever asks saw the function's tier before; meanwhile it may have come further.
            if (_waiting.Count >= _maximumWaiting || slot->Tier != (tier == Tier.Queued ? Tier.Interpreted : Tier.Compiled))
                return;

            slot->Tier = tier;
            _waiting.Enqueue((compiler, compiler.IndexOf(slot), tier == Tier.ResumeQueued));

            if (_hasThread)
                _thread ??= Start();

            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Waits for functions, and compiles a batch.</summary>
    /// <remarks>Never inlined: while the thread waits for the next, nothing on its stack may keep the last module from being collected.</remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal void CompileNext()
    {
        var (compiler, functions, isResume) = Take();
        Interlocked.Add(ref _failures, compiler.TryCompile(functions, isResume));
    }

    private Thread Start()
    {
        var thread = new Thread(Run) { IsBackground = true, Name = "wasm compiler", Priority = ThreadPriority.Lowest };
        thread.UnsafeStart();
        return thread;
    }

    private void Run()
    {
        ThreadNiceness.Increase(Niceness);

        while (true)
            CompileNext();
    }

    /// <summary>Waits for functions, and takes as many of the first one's kind as a batch has room for.</summary>
    private (ModuleCompiler Compiler, uint[] Functions, bool IsResume) Take()
    {
        lock (_gate)
        {
            while (_waiting.Count == 0)
                Monitor.Wait(_gate);

            var (compiler, function, isResume) = _waiting.Dequeue();
            var batch = new List<uint> { function };

            while (batch.Count < MaximumBatch && _waiting.TryPeek(out var next) && next.Compiler == compiler && next.IsResume == isResume)
            {
                _waiting.Dequeue();
                batch.Add(next.Function);
            }

            return (compiler, [.. batch], isResume);
        }
    }
}
