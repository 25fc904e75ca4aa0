using System.Collections.Immutable;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PluginHost.Wasm.Compiler;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Wasm.Interpreter;

/// <summary>An instance that the interpreter runs: its stacks, and what the loop does out of line.</summary>
internal sealed unsafe class InterpreterInstance : WasmInstance
{
    /// <summary>The slots of the value stack: 64 MiB of reserved address space, of which the system gives what is touched.</summary>
    private const int ValueStackSlots = 8 * 1024 * 1024;

    /// <summary>Calls nested deeper than this leave stacks behind that are worth giving back.</summary>
    private const int KeptDepth = 8_192;

    /// <summary>Where Go's linker has the functions start in the table.</summary>
    private const uint GoTableStart = 4_096;

    private const ulong KeptValueBytes = 1024 * 1024;
    private const ulong SystemPage = 4_096;

    /// <summary>Slots above every frame, where compiled code lays out arguments and results without a check: more than any function type has.</summary>
    private const int ReserveSlots = 4_096;

    private static readonly Instruction[] ExitCode = MakeExitCode();
    private static readonly Instruction* Exit = (Instruction*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(ExitCode));

    private readonly AddressSpace _stacks;
    private readonly CallFrame* _firstCallFrame;
    private readonly InstanceHandle _handle;

    /// <summary>Whether the running call has come to the end of what it may use of the thread's stack.</summary>
    private bool _wentDeep;

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

        var stackEnd = (ulong*)_stacks.Base + ValueStackSlots;
        ValueStackEnd = stackEnd - ReserveSlots;
        _firstCallFrame = (CallFrame*)stackEnd;
        _handle = new InstanceHandle(this);
        LastCallFrame = _firstCallFrame + depth;
        Context->ValueStackTop = (ulong*)_stacks.Base;
        Context->CallStackTop = _firstCallFrame;
        Context->MemoryBase = MemoryBase;
        Context->Handle = _handle.Value;
        Context->FirstReference = FirstReference;
        Context->FirstTable = Tables.Length == 0 ? null : Tables[0].Header;
    }

    public InterpreterModule Code { get; }

    public byte* MemoryBase { get; }

    public ulong* ValueStackEnd { get; }

    public CallFrame* LastCallFrame { get; }

    public uint ImportedFunctionCount { get; }

    public uint DefinedFunctionCount { get; }

    /// <summary>
    /// Waits for the call's turn, ends it when it was interrupted or has no fuel, and draws fuel for the next stretch. A function that is found here often is
    /// hot; one whose compiled code can be entered where it stands goes on there.
    /// </summary>
    /// <param name="slot">The running function.</param>
    /// <param name="ip">Where it stands.</param>
    /// <returns>The ticks until the next look; −1 when the function has returned.</returns>
    public int Poll(InstanceContext* context, FunctionSlot* slot, Instruction* ip, ulong* frame)
    {
        Yield();

        if (context->Fuel <= 0)
            Traps.Throw(TrapKind.FuelExhausted);

        var drawn = (int)Math.Min(context->Fuel, Code.Compiler?.Ticks(context) ?? InterpreterLoop.TicksBetweenPolls);
        context->Fuel -= drawn;
        context->Ticks = drawn - 1;
        return Code.Compiler is { } compiler && compiler.Warm(slot) && TryResume(compiler, slot, ip, frame) ? -1 : context->Ticks;
    }

    /// <summary>Runs a function's compiled code with its arguments in slots, which the results replace, where the thread's stack and the call's budget allow it.</summary>
    /// <returns>False when the interpreter must run it: its register code is there.</returns>
    public bool TryRunCompiled(FunctionSlot* slot, ulong* frame, delegate*<ulong*, byte*, int, nint, void> thunk)
    {
        var context = Context;
        var marker = 0;

        if ((ulong)&marker < context->StackLimit)
        {
            Yield();

            if ((ulong)&marker < context->StackLimit)
            {
                _wentDeep = true;
                Lower(slot);
                return false;
            }
        }

        var index = (int)(slot - Code.Slots);
        context->ValueStackTop = frame + slot->FrameSlots;
        thunk(frame, (byte*)(context + 1), index, Code.Compiler!.Entries[index]);
        return true;
    }

    /// <summary>Calls a function for compiled code: an imported one, or one that is interpreted, with its arguments in place; the results replace them.</summary>
    public void CallOutOfCompiledCode(uint function, ulong* slots)
    {
        var context = Context;

        if (function < ImportedFunctionCount)
        {
            CallImported(function, slots);
        }
        else
        {
            var slot = Code.Slots + function;
            Code.Compiler!.WarmCall(slot);
            Lower(slot);

            // Not what compiled code may have taken its place meanwhile: that may be what calls, as it cannot run here.
            RunNested(slot, slots, slot->Lowered, slot->LocalCount);
        }

        context->ValueStackTop = slots;
    }

    /// <summary>Goes on, for compiled code that stops there, where a <c>br_table</c> on local 0 goes with the selector; the locals stand in the slots.</summary>
    public void ContinueInterpreted(uint function, uint selector, ulong* slots)
    {
        var context = Context;
        var slot = Code.Slots + function;
        Lower(slot);
        slots[0] = selector;
        RunNested(slot, slots, Code.Dispatch(slot), 0);
        context->ValueStackTop = slots;
    }

    /// <summary>Goes on, for compiled code that cannot, behind one of a function's calls; locals, operands and the call's results stand in the slots.</summary>
    public void ContinueBehindCall(uint function, int call, ulong* slots)
    {
        var (code, entries) = Code.Entered(function, this);
        RunNested(Code.Slots + function, slots, (Instruction*)code + entries.BehindCalls[call], 0);
        Context->ValueStackTop = slots;
    }

    /// <summary>Goes on, for compiled code that stops there, at a place in the module's bytes where no operand stands on the stack; the locals stand in the slots.</summary>
    public void ContinueAt(uint function, int at, ulong* slots)
    {
        var (code, entries) = Code.Entered(function, this);
        RunNested(Code.Slots + function, slots, (Instruction*)code + entries.Statements[at], 0);
        Context->ValueStackTop = slots;
    }

    /// <summary>
    /// Has a function of Go's that cannot be called, as calls are nested too deeply, called later from an empty stack: it leaves where it is to be entered below
    /// SP and returns 1, as a function does that gives its goroutine up. All callers return then, and Go's loop enters it.
    /// </summary>
    public bool TryUnwind(FunctionSlot* slot, ulong* frame)
    {
        var function = (uint)(slot - Code.Slots);

        if ((uint)frame[0] != 0 || Module.GoBuildInfo is null || Module.FunctionType(function) is not { Parameters: [ValueType.I32], Results: [ValueType.I32] })
            return false;

        Lower(slot);

        if (Code.Dispatch(slot) == null || Tables.Length == 0)
            return false;

        // Go's linker numbers functions from the first entry of the table that it uses.
        var place = GoTableStart + function - ImportedFunctionCount;
        var table = Tables[0];
        var address = (ulong)((uint)((ulong*)Context)[-1] - sizeof(ulong));

        if (place > ushort.MaxValue || place >= table.Size || table.Pointer[place] != FunctionReference(function) || address + sizeof(ulong) > Memory!.ByteLength)
            return false;

        *(ulong*)(MemoryBase + address) = place << 16;
        frame[0] = 1;
        return true;
    }

    /// <summary>Has the function's register code there.</summary>
    public void Lower(FunctionSlot* slot)
    {
        if (slot->Lowered == null)
            Code.Lower((uint)(slot - Code.Slots), this);
    }

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

            // Mostly one or two.
            for (var i = 0; i < arguments.Length; i++)
                frame[i] = arguments[i];

            var code = slot->Code;

            if (code->Operation != Operation.EnterCompiled || !TryRunCompiled(slot, frame, (delegate*<ulong*, byte*, int, nint, void>)code->Immediate))
                RunNested(slot, frame, slot->Lowered, slot->LocalCount);

            for (var i = 0; i < function.Type.Results.Length; i++)
                results[i] = frame[i];
        }
        catch (TrapException trap) when (AttachFrames(trap))
        {
            // Never reached: a filter takes no stack, where throwing again on every level of nested invocations takes more than there may be.
            throw;
        }
        finally
        {
            context->ValueStackTop = frame;
            context->CallStackTop = outerTop;

            if (outerTop == _firstCallFrame)
            {
                TrimStacks();

                if (_wentDeep)
                {
                    _wentDeep = false;
                    NativeStack.Release();
                }
            }

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

    private protected override ImmutableArray<Runtime.StackFrame> CaptureFrames(TrapException trap)
    {
        var trace = new GuestStackTrace(Module);
        var frame = (CallFrame*)Context->CallStackTop;

        if (Code.Compiler is not null)
        {
            foreach (var native in new StackTrace(trap).GetFrames())
            {
                if (trace.IsFull)
                    break;

                if (native.GetMethod() is not { } method)
                    continue;

                if (method.DeclaringType == typeof(InterpreterLoop))
                    AddInterpreted(trace, ref frame, isOneRun: true);
                else
                    trace.AddCompiled(method);
            }
        }

        AddInterpreted(trace, ref frame, isOneRun: false);
        return trace.ToImmutable();
    }

    /// <summary>Adds the interpreter's frames: those of the innermost run of the loop that were not added before, or all.</summary>
    private void AddInterpreted(GuestStackTrace trace, ref CallFrame* frame, bool isOneRun)
    {
        for (var isLast = false; frame > _firstCallFrame && !trace.IsFull && !isLast; frame--)
        {
            isLast = isOneRun && frame->ReturnAddress == Exit;
            trace.AddInterpreted((uint)(frame->Function - Code.Slots));
        }
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);

        if (disposing)
        {
            _stacks.Dispose();
            _handle.Dispose();
        }
    }

    private void RunNested(FunctionSlot* slot, ulong* slots, Instruction* code, int zeroLocals)
    {
        var context = Context;
        var outerTop = (CallFrame*)context->CallStackTop;

        if (slot->FrameSlots > ValueStackEnd - slots || outerTop == LastCallFrame)
        {
            if (code == slot->Lowered && TryUnwind(slot, slots))
                return;

            Traps.Throw(TrapKind.CallStackExhausted);
        }

        new Span<ulong>(slots + slot->FirstLocal, zeroLocals).Clear();
        var top = outerTop + 1;
        *top = new CallFrame { ReturnAddress = Exit, CallerFrame = slots, Function = slot };
        InterpreterLoop.Run(this, top, slots, code);
        context->CallStackTop = outerTop;
    }

    /// <summary>Goes on in compiled code where an interpreted function stands at a place that compiled code can be entered at.</summary>
    private bool TryResume(ModuleCompiler compiler, FunctionSlot* slot, Instruction* ip, ulong* frame)
    {
        var context = Context;
        var marker = 0;

        if ((ulong)&marker < context->StackLimit)
            return false;

        context->ValueStackTop = frame + slot->FrameSlots;
        return compiler.TryResume(slot, ip, (byte*)(context + 1), frame);
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
