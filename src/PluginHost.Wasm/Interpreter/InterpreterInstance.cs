using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Wasm.Interpreter;

/// <summary>An instance that the interpreter runs: its stacks, and what the loop does out of line.</summary>
internal sealed unsafe class InterpreterInstance : WasmInstance
{
    /// <summary>The slots of the value stack: 64 MiB of reserved address space, of which the system gives what is touched.</summary>
    private const int ValueStackSlots = 8 * 1024 * 1024;

    /// <summary>Calls nested deeper than this leave stacks behind that are worth giving back.</summary>
    private const int KeptDepth = 8_192;

    private const ulong KeptValueBytes = 1024 * 1024;
    private const ulong SystemPage = 4_096;

    private static readonly Instruction[] ExitCode = MakeExitCode();
    private static readonly Instruction* Exit = (Instruction*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(ExitCode));

    private readonly AddressSpace _stacks;
    private readonly CallFrame* _firstCallFrame;

    public InterpreterInstance(InterpreterModule code, InstanceLinks links, InstanceOptions options)
        : base(code, links, options)
    {
        Code = code;
        MemoryBase = Memory is null ? (byte*)(Context + 1) : Memory.Base;
        ImportedFunctionCount = (uint)Module.ImportedFunctionCount;
        DefinedFunctionCount = (uint)Module.FunctionBodies.Length;
        var depth = Math.Clamp(options.MaximumCallDepth, 1, 16_000_000);
        var valueBytes = (ulong)ValueStackSlots * sizeof(ulong);
        var callBytes = (ulong)(depth + 1) * (ulong)sizeof(CallFrame);
        _stacks = new AddressSpace(0, valueBytes + callBytes);

        if (!_stacks.TryOpen(0, (valueBytes + callBytes + 4095) & ~4095UL))
            throw new InstantiationException("the system has no memory for the instance's stacks");

        ValueStackEnd = (ulong*)_stacks.Base + ValueStackSlots;
        _firstCallFrame = (CallFrame*)ValueStackEnd;
        LastCallFrame = _firstCallFrame + depth;
        Context->ValueStackTop = (ulong*)_stacks.Base;
        Context->CallStackTop = _firstCallFrame;
    }

    public InterpreterModule Code { get; }

    public byte* MemoryBase { get; }

    public ulong* ValueStackEnd { get; }

    public CallFrame* LastCallFrame { get; }

    public uint ImportedFunctionCount { get; }

    public uint DefinedFunctionCount { get; }

    /// <summary>Waits for the call's turn, ends it when it was interrupted or has no fuel, and draws fuel for the next stretch.</summary>
    public int Poll(InstanceContext* context)
    {
        Yield();

        if (context->Fuel <= 0)
            Traps.Throw(TrapKind.FuelExhausted);

        var drawn = (int)Math.Min(context->Fuel, InterpreterLoop.TicksBetweenPolls);
        context->Fuel -= drawn;
        return drawn - 1;
    }

    public void Lower(FunctionSlot* slot) => Code.Lower((uint)(slot - Code.Slots), this);

    /// <summary>Calls an imported function with its arguments in place; the results replace them.</summary>
    public void CallImported(uint index, ulong* slots) => Call(Function(index), slots);

    /// <summary>Calls the function that a reference out of a table names, where it is not one of this instance's own.</summary>
    public void CallReference(ulong reference, uint type, ulong* slots)
    {
        if (reference == 0)
            Traps.Throw(TrapKind.UninitializedElement);

        var function = Store.Function(reference);

        if (!function.Type.Equals(Module.Types[(int)type]))
            Traps.Throw(TrapKind.IndirectCallTypeMismatch);

        Call(function, slots);
    }

    private protected override void Execute(DefinedFunction function, ReadOnlySpan<ulong> arguments, Span<ulong> results)
    {
        var context = Context;
        var frame = context->ValueStackTop;
        var outerTop = (CallFrame*)context->CallStackTop;
        var slot = Code.Slots + function.Index;

        try
        {
            if (slot->Code == null)
                Lower(slot);

            if (slot->FrameSlots > ValueStackEnd - frame || outerTop == LastCallFrame)
                Traps.Throw(TrapKind.CallStackExhausted);

            arguments.CopyTo(new Span<ulong>(frame, arguments.Length));
            new Span<ulong>(frame + slot->FirstLocal, slot->LocalCount).Clear();
            var top = outerTop + 1;
            *top = new CallFrame { ReturnAddress = Exit, CallerFrame = frame, Function = slot };
            context->CallStackTop = top;
            InterpreterLoop.Run(this, top, frame);
            new ReadOnlySpan<ulong>(frame, function.Type.Results.Length).CopyTo(results);
        }
        catch (TrapException trap)
        {
            AttachFrames(trap);
            throw;
        }
        finally
        {
            context->ValueStackTop = frame;
            context->CallStackTop = outerTop;

            if (outerTop == _firstCallFrame)
                TrimStacks();

            GC.KeepAlive(Code);
        }
    }

    /// <summary>
    /// Gives back what a deep recursion touched. Every call writes its frame, and what was given back reads as zero, so one frame tells whether calls came
    /// that deep since.
    /// </summary>
    private void TrimStacks()
    {
        if (LastCallFrame - _firstCallFrame <= KeptDepth || _firstCallFrame[KeptDepth].Function == null)
            return;

        var frames = (ulong)((byte*)(_firstCallFrame + KeptDepth) - _stacks.Base) & ~(SystemPage - 1);
        var end = ((ulong)((byte*)LastCallFrame - _stacks.Base) + (ulong)sizeof(CallFrame)) & ~(SystemPage - 1);
        _stacks.Release(KeptValueBytes, ValueStackSlots * sizeof(ulong));
        _stacks.Release(frames, Math.Max(frames + SystemPage, end));
    }

    private protected override ImmutableArray<StackFrame> CaptureFrames()
    {
        var frames = ImmutableArray.CreateBuilder<StackFrame>();

        for (var frame = (CallFrame*)Context->CallStackTop; frame > _firstCallFrame && frames.Count < TrapException.MaximumStackFrames; frame--)
        {
            var index = (uint)(frame->Function - Code.Slots);
            frames.Add(new StackFrame(index, Module.FunctionName(index)));
        }

        return frames.ToImmutable();
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);

        if (disposing)
            _stacks.Dispose();
    }

    private static Instruction[] MakeExitCode()
    {
        var code = GC.AllocateArray<Instruction>(1, pinned: true);
        code[0] = new Instruction(Operation.Exit);
        return code;
    }

    private void Call(WasmFunction function, ulong* slots)
    {
        var context = Context;
        var type = function.Type;
        var outerTop = context->CallStackTop;
        context->ValueStackTop = slots + type.SlotCount;

        if (function is HostFunction host)
        {
            var call = new HostCall(this, new Span<ulong>(slots, type.SlotCount));
            host.Callback(ref call);
        }
        else
        {
            // Another instance's function: it has stacks of its own, and the caller's budget goes with it.
            Span<ulong> results = type.Results.Length <= 16 ? stackalloc ulong[16] : new ulong[type.Results.Length];
            results = results[..type.Results.Length];
            Invoke(function, new ReadOnlySpan<ulong>(slots, type.Parameters.Length), results);
            results.CopyTo(new Span<ulong>(slots, type.Results.Length));
        }

        context->CallStackTop = outerTop;
    }
}
