using System.Collections.Concurrent;
using PluginHost.Wasm.Compiler;
using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Runtime;
using PluginHost.Wasm.Validation;

namespace PluginHost.Wasm.Interpreter;

/// <summary>A module's register code: one slot for each function, filled when the function is first called by any instance.</summary>
internal sealed unsafe class InterpreterModule : ExecutableModule
{
    /// <summary>How many instructions may stand up to and with a function's <c>br_table</c>.</summary>
    private const int DispatchWithin = 3;

    private readonly Lock _lock = new();
    private readonly CodeBuffer _buffer = new();
    private readonly CodeMemory _memory = new();
    private readonly Dictionary<uint, int[]> _loopStarts = [];

    /// <summary>Register code of functions that compiled code has left within a block or behind a call, which hardly any ever does.</summary>
    private readonly ConcurrentDictionary<uint, (nint Code, FunctionEntries Entries)> _entered = [];

    /// <param name="mode">Whether and when functions are compiled.</param>
    /// <param name="limits">What compiled code may take; null for the default.</param>
    /// <param name="seed">For the mode that chooses at random.</param>
    /// <param name="queue">Where hot functions wait for the compiler; null for the one of all modules.</param>
    public InterpreterModule(WasmModule module, CompilationMode mode, CompilationLimits? limits = null, int seed = 0, CompileQueue? queue = null)
        : base(module)
    {
        Slots = _memory.Allocate<FunctionSlot>(Math.Max(module.FunctionTypeIndices.Length, 1));
        FunctionTypes = _memory.Allocate<uint>(Math.Max(module.FunctionTypeIndices.Length, 1));
        var canonical = new Dictionary<FunctionType, uint>();
        CanonicalTypes = new uint[module.Types.Length];

        for (var i = 0; i < CanonicalTypes.Length; i++)
        {
            if (!canonical.TryGetValue(module.Types[i], out CanonicalTypes[i]))
                canonical.Add(module.Types[i], CanonicalTypes[i] = (uint)i);
        }

        for (var i = 0; i < module.FunctionTypeIndices.Length; i++)
            FunctionTypes[i] = CanonicalTypes[module.FunctionTypeIndices[i]];

        if (mode != CompilationMode.None)
            Compiler = new ModuleCompiler(this, mode, limits ?? CompilationLimits.Default, seed, queue ?? CompileQueue.Shared);
    }

    /// <summary>What compiles the module's functions; null where the interpreter runs everything.</summary>
    public ModuleCompiler? Compiler { get; }

    /// <summary>One for each function of the index space; those of imported functions stay empty.</summary>
    public FunctionSlot* Slots { get; }

    /// <summary>The canonical type of each function.</summary>
    public uint* FunctionTypes { get; }

    /// <summary>For each type the first type that equals it: two types are the same where these are.</summary>
    public uint[] CanonicalTypes { get; }

    public System.Collections.Immutable.ImmutableArray<FunctionType> Types => Module.Types;

    /// <summary>The bytes that register code takes.</summary>
    public long CodeBytes { get; private set; }

    /// <summary>The functions that have register code.</summary>
    public int LoweredFunctions { get; private set; }

    /// <summary>Makes a function's code, once.</summary>
    /// <param name="caller">The instance that is about to call it: its interrupt ends the translation.</param>
    /// <exception cref="TrapException">The call was interrupted; the next one begins anew.</exception>
    public void Lower(uint function, WasmInstance caller)
    {
        lock (_lock)
        {
            var slot = Slots + function;

            if (slot->Lowered != null)
                return;

            var lowering = Lower(function, caller, entries: null);
            var code = Store(lowering.Finish());
            slot->FrameSlots = Math.Max(slot->FrameSlots, lowering.FrameSlots);

            if (Compiler is not null && lowering.LoopStarts.Count > 0)
                _loopStarts.Add(function, [.. lowering.LoopStarts]);

            slot->FirstLocal = (ushort)lowering.ParameterCount;
            slot->LocalCount = (ushort)lowering.DeclaredLocalCount;
            LoweredFunctions++;
            Volatile.Write(ref *(nint*)&slot->Lowered, (nint)code);

            if (slot->Code == null)
                Volatile.Write(ref *(nint*)&slot->Code, (nint)code);
        }
    }

    /// <summary>
    /// Register code of its own that can be entered at every one of a function's entries. It is made when it is first asked for.
    /// </summary>
    /// <param name="caller">The instance that waits for the code: its interrupt ends the translation.</param>
    /// <exception cref="TrapException">The call was interrupted.</exception>
    public (nint Code, FunctionEntries Entries) Entered(uint function, WasmInstance caller)
    {
        if (_entered.TryGetValue(function, out var found))
            return found;

        lock (_lock)
        {
            if (_entered.TryGetValue(function, out found))
                return found;

            var entries = new FunctionEntries();
            var lowering = Lower(function, caller, entries);
            found = ((nint)Store(lowering.Finish()), entries);
            (Slots + function)->FrameSlots = Math.Max((Slots + function)->FrameSlots, lowering.FrameSlots);
            _entered.TryAdd(function, found);
            return found;
        }
    }

    /// <summary>Has calls of a function enter its compiled code from now on.</summary>
    /// <param name="thunk">Calls code of its type with arguments in slots.</param>
    public void EnterCompiled(uint function, nint thunk)
    {
        lock (_lock)
        {
            var slot = Slots + function;
            var type = Module.FunctionType(function);
            slot->FrameSlots = Math.Max(slot->FrameSlots, type.SlotCount);
            slot->FirstLocal = (ushort)type.Parameters.Length;
            Volatile.Write(ref *(nint*)&slot->Code, (nint)Store([new Instruction(Operation.EnterCompiled, 0, 0, 0, (ulong)thunk)]));
        }
    }

    /// <summary>The <c>br_table</c> on local 0 at the head of a function of Go's, in its register code; null where there is none.</summary>
    public Instruction* Dispatch(FunctionSlot* slot)
    {
        return slot->Lowered == null ? null : Dispatch(slot->Lowered);
    }

    private static Instruction* Dispatch(Instruction* code)
    {
        for (var i = code; i < code + DispatchWithin; i++)
        {
            if (i->Operation == Operation.BranchTable)
                return i->A == 0 ? i : null;

            // What stands before it reads SP, and nothing else.
            if (i->Operation != Operation.GlobalGet)
                return null;
        }

        return null;
    }

    /// <summary>How many loops of the function, which has register code, start where no operand stands.</summary>
    public int LoopCount(uint function)
    {
        lock (_lock)
            return _loopStarts.TryGetValue(function, out var starts) ? starts.Length : 0;
    }

    /// <summary>Finds the loop that starts at the place, by its number among those that start where no operand stands.</summary>
    public bool TryFindLoop(FunctionSlot* slot, Instruction* ip, out int loop)
    {
        lock (_lock)
        {
            loop = _loopStarts.TryGetValue((uint)(slot - Slots), out var starts) ? Array.IndexOf(starts, (int)(ip - slot->Lowered)) : -1;
            return loop >= 0;
        }
    }

    /// <summary>Finds a selector with which the function's <c>br_table</c> goes to the place.</summary>
    public bool TryFindSelector(FunctionSlot* slot, Instruction* ip, out uint selector) =>
        TryFindSelector(Dispatch(slot), ip, out selector)
        || (!_entered.IsEmpty && _entered.TryGetValue((uint)(slot - Slots), out var entered) && TryFindSelector(Dispatch((Instruction*)entered.Code), ip, out selector));

    private static bool TryFindSelector(Instruction* dispatch, Instruction* ip, out uint selector)
    {
        selector = 0;

        if (dispatch == null)
            return false;

        var jumps = (int*)(dispatch + 1);

        for (; selector <= dispatch->Low; selector++)
        {
            if (dispatch + 1 + jumps[selector] == ip)
                return true;
        }

        return false;
    }

    public override TierStatistics Statistics()
    {
        var refused = 0;
        var queued = 0;

        foreach (ref readonly var slot in new ReadOnlySpan<FunctionSlot>(Slots, Module.FunctionTypeIndices.Length))
        {
            switch (slot.Tier)
            {
                case Tier.Refused:
                    refused++;
                    break;
                case Tier.Queued or Tier.ResumeQueued:
                    queued++;
                    break;
            }
        }

        return new TierStatistics(
            Module.FunctionBodies.Length,
            new InterpretedCode(LoweredFunctions, CodeBytes),
            Compiler?.Compiled ?? new CompiledCode(0, 0),
            Compiler?.Resumable ?? new CompiledCode(0, 0),
            refused,
            Compiler?.Faults ?? 0,
            Compiler?.IsFull ?? false,
            Compiler?.CompileTime ?? TimeSpan.Zero,
            queued);
    }

    private protected override WasmInstance CreateInstance(InstanceLinks links, InstanceOptions options) => new InterpreterInstance(this, links, options);

    private FunctionLowering Lower(uint function, WasmInstance caller, FunctionEntries? entries)
    {
        var selector = new SelectorScan();
        FunctionValidator.Validate(Module, function, ref selector);
        var lowering = new FunctionLowering(this, caller, _buffer, selector.IsSelectorDead, entries);
        FunctionValidator.Validate(Module, function, ref lowering);
        return lowering;
    }

    private Instruction* Store(ReadOnlySpan<Instruction> code)
    {
        CodeBytes += code.Length * sizeof(Instruction);
        return _memory.Store(code);
    }
}
