using System.Diagnostics.CodeAnalysis;
using PluginHost.Wasm.Interpreter;

namespace PluginHost.Wasm.Compiler;

/// <summary>The functions of all modules that wait for the compiler, and the one thread that compiles them, below every other in priority.</summary>
internal sealed unsafe class CompileQueue
{
    private const int MaximumWaiting = 4_096;

    /// <summary>How many functions are compiled into one assembly at most, so that the first of them need not wait for long.</summary>
    private const int MaximumBatch = 16;

    private readonly object _gate = new();
    private readonly Queue<(ModuleCompiler Compiler, uint Function, bool IsResume)> _waiting = [];
    private Thread? _thread;
    private int _failures;

    private CompileQueue()
    {
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

    /// <summary>How many batches could not be compiled, by a fault of the compiler's own.</summary>
    public int Failures => Volatile.Read(ref _failures);

    /// <summary>Has a function compiled, where there is room to wait.</summary>
    /// <param name="tier">Where it comes: it says what is to be compiled of it.</param>
    public void TryAdd(ModuleCompiler compiler, FunctionSlot* slot, Tier tier)
    {
        lock (_gate)
        {
            if (_waiting.Count >= MaximumWaiting || slot->Tier is Tier.Queued or Tier.ResumeQueued)
                return;

            slot->Tier = tier;
            _waiting.Enqueue((compiler, compiler.IndexOf(slot), tier == Tier.ResumeQueued));
            _thread ??= Start();
            Monitor.Pulse(_gate);
        }
    }

    private Thread Start()
    {
        var thread = new Thread(Run) { IsBackground = true, Name = "wasm compiler", Priority = ThreadPriority.Lowest };
        thread.UnsafeStart();
        return thread;
    }

    [SuppressMessage("Design", "CA1031", Justification = "What the compiler cannot compile is left to the interpreter; the next function is another matter.")]
    private void Run()
    {
        while (true)
        {
            var (compiler, functions, isResume) = Take();

            try
            {
                compiler.Compile(functions, isResume);
            }
            catch (Exception)
            {
                Interlocked.Increment(ref _failures);
                compiler.Refuse(functions);
            }
        }
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
