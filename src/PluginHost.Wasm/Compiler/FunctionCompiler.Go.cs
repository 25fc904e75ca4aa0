using System.Numerics;
using System.Reflection;
using System.Reflection.Emit;
using PluginHost.Wasm.Interpreter;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Wasm.Compiler;

/// <summary>
/// What is compiled otherwise in a <see cref="GoFunction"/>. SP at entry is argument 0, and SP wherever it is read is that plus a constant: one comparison at entry
/// puts all that the function reaches from SP inside the memory, and where it fails the interpreter runs the function. Jumps between blocks are jumps.
/// </summary>
internal sealed partial class FunctionCompiler
{
    /// <summary>How many bytes above SP at entry are reached without a check: the return address, arguments and results.</summary>
    private const int Above = 512;

    /// <summary>In functions of more bytes the address of SP at entry has a local of its own: that saves instructions, of which the JIT counts how many there are.</summary>
    private const int LongBody = 12 * 1024;

    private readonly GoFunction? _go;
    private readonly bool _isResume;
    private readonly SortedDictionary<int, Label> _unexpected = [];
    private readonly SortedDictionary<int, Label> _stops = [];
    private Label[] _blockLabels = [];
    private LocalBuilder? _returned;
    private LocalBuilder? _frame;
    private Label _resumeEntry;
    private int _sp;
    private int? _global = 0;
    private int _block;
    private int _call;
    private uint? _selector;
    private bool _isTail;

    private void BeginGo()
    {
        var reach = _go!.Lowest;
        var above = Above;

        if (_isResume)
        {
            // SP at entry is not known before it is known where.
            var moved = _go.Blocks.Max(block => Math.Abs(block.Displacement ?? 0));
            reach += moved;
            above += moved;
        }

        if ((ulong)Module.Memory!.Limits.Minimum * LinearMemory.PageSize < (ulong)(reach + above))
        {
            IsRefused = true;
            return;
        }

        if (Module.FunctionBodies[(int)_function - Module.ImportedFunctionCount].Length > LongBody)
            _frame = _il.DeclareLocal(IlTypes.Instance);

        EmitFrame();

        if (_go.CallsNothing && !_isResume)
            DefineEntrySlow();
        else
            EmitEntryCheck();

        if (_go.HasDispatch && !_isResume)
        {
            _resumeEntry = DefineLabel();
            _il.Emit(OpCodes.Ldarg_2);
            EmitI8(_function);
            _il.Emit(OpCodes.Bne_Un, _resumeEntry);
        }

        EmitRangeCheck(reach, above, _entrySlow);

        if (!_go.HasDispatch)
            EmitZeroLocals();
    }

    /// <summary>At a function's start all locals are zero. Those that are live nowhere are not worth the code.</summary>
    private void EmitZeroLocals()
    {
        for (var live = _go!.Blocks[0].Live; live != 0; live &= live - 1)
        {
            var local = BitOperations.TrailingZeroCount(live);
            EmitConst(_localTypes[local], 0);
            EmitStoreLocal(local);
        }
    }

    private void EmitGoDispatch(ReadOnlySpan<uint> depths)
    {
        _blockLabels = new Label[_go!.Blocks.Length];

        for (var i = 0; i < _blockLabels.Length; i++)
            _blockLabels[i] = Target((uint)i).Label;

        if (!_isResume)
        {
            EmitZeroLocals();
            return;
        }

        var entries = new Label?[_blockLabels.Length];
        var labels = new Label[depths.Length];

        for (var i = 0; i < labels.Length; i++)
            labels[i] = entries[_go.Targets[i]] ??= DefineLabel();

        _il.Emit(OpCodes.Ldarg_2);
        EmitI4(32);
        _il.Emit(OpCodes.Shr_Un);
        _il.Emit(OpCodes.Conv_I4);
        _il.Emit(OpCodes.Switch, labels);
        _il.Emit(OpCodes.Br, labels[^1]);

        for (var i = 0; i < entries.Length; i++)
        {
            if (entries[i] is { } entry)
            {
                _il.MarkLabel(entry);
                EmitResumeAt(i);
            }
        }
    }

    /// <summary>Enters at a block, with SP as it is there, and with the locals that are live there from the slots; or zero, where there are none.</summary>
    private void EmitResumeAt(int index)
    {
        var block = _go!.Blocks[index];

        if (block.Displacement is not { } displacement)
        {
            _il.Emit(OpCodes.Br, _entrySlow);
            return;
        }

        if (displacement != 0)
        {
            _il.Emit(OpCodes.Ldarg_0);
            EmitI8(displacement);
            _il.Emit(OpCodes.Sub);
            EmitStoreSp();
        }

        if (block.Live != 0)
        {
            var zero = DefineLabel();
            _il.Emit(OpCodes.Ldarg_3);
            _il.Emit(OpCodes.Brfalse, zero);

            for (var live = block.Live; live != 0; live &= live - 1)
            {
                var local = BitOperations.TrailingZeroCount(live);
                _il.Emit(OpCodes.Ldarg_3);
                EmitAdd(local * sizeof(ulong));
                SlotCode.EmitLoad(_il, _localTypes[local]);
                EmitStoreLocal(local);
            }

            _il.Emit(OpCodes.Br, _blockLabels[index]);
            _il.MarkLabel(zero);

            for (var live = block.Live; live != 0; live &= live - 1)
            {
                var local = BitOperations.TrailingZeroCount(live);
                EmitConst(_localTypes[local], 0);
                EmitStoreLocal(local);
            }
        }

        _il.Emit(OpCodes.Br, _blockLabels[index]);
    }

    /// <summary>Behind a block or an if: SP is where it is on every path.</summary>
    private void EndGo(in CompiledFrame frame)
    {
        if (frame.Kind == ControlKind.If)
        {
            _sp = frame.Sp;
            _global = frame.Global;
        }
        else if (frame.Kind == ControlKind.Block && _go!.HasDispatch && _block < _go.Blocks.Length)
        {
            _sp = _go.Blocks[_block++].Displacement ?? 0;
            _global = _sp;
            _selector = null;
        }
    }

    /// <summary>Assigns SP or the selector, which need no code.</summary>
    private bool TrySetGoLocal(int local, StackEntry value)
    {
        if (local == 1)
        {
            _sp = value.Node!.Displacement;
            return true;
        }

        if (local != 0)
            return false;

        _selector = value.Node is { } node && node.IsConst(out var constant) ? (uint)constant : null;
        return _selector is not null;
    }

    /// <summary>Before local 0 is read: a constant that was assigned to it is there.</summary>
    private void FlushSelector()
    {
        if (_selector is { } selector)
        {
            EmitI4((int)selector);
            EmitStoreLocal(0);
            _selector = null;
        }
    }

    /// <summary>Goes to the block that the selector names.</summary>
    private void EmitGoJump()
    {
        var target = _go!.Targets[(int)Math.Min(_selector!.Value, (uint)_go.Targets.Length - 1)];
        _selector = null;

        if (target < _block)
        {
            if (!_stops.TryGetValue(target, out var stop))
                _stops.Add(target, stop = DefineLabel());

            EmitFlags();
            _il.Emit(OpCodes.Brtrue, stop);
        }

        _il.Emit(OpCodes.Br, _blockLabels[target]);
    }

    /// <summary>Calls a function in Go's convention, whose argument is on top of the stack.</summary>
    /// <param name="selector">Puts the selector without the argument on the evaluation stack; null for the function's own, which is known.</param>
    private void EmitGoCall(uint? function, Action? selector, Action entry)
    {
        var argument = Pop();

        if (argument.Node is null)
            argument = PutAside(argument);

        if (_go is null || function < (uint)Module.ImportedFunctionCount)
            SettleSp();

        SpillEvaluated();

        if (_go is not null && _global is { } sp)
        {
            EmitSp(sp);
        }
        else
        {
            EmitContextField(ContextLayout.Global(0), OpCodes.Ldind_U4);
            _il.Emit(OpCodes.Conv_U8);
        }

        EmitInstance();

        if (selector is null && argument.Node!.IsConst(out var constant))
        {
            EmitI8(function!.Value | ((long)constant << 32));
        }
        else
        {
            if (selector is null)
                EmitI8(function!.Value);
            else
                selector();

            if (!argument.Node!.IsConst(out constant) || (uint)constant != 0)
            {
                EmitEntry(argument);
                _il.Emit(OpCodes.Conv_U8);
                EmitI4(32);
                _il.Emit(OpCodes.Shl);
                _il.Emit(OpCodes.Or);
            }
        }

        entry();
        _il.EmitCalli(OpCodes.Calli, CallingConventions.Standard, typeof(long), GoParameters, null);
    }

    /// <summary>Multiplies where a function is called that does nothing else, with its arguments and results where that has them, and SP moved as that does.</summary>
    private bool TryEmitProduct(uint function)
    {
        // An import's call is none of the function's calls in Go's convention, whatever its type.
        if (_go is null || function < (uint)Module.ImportedFunctionCount || _global is not { } sp || !IsCovered(sp, RuntimeMethods.ProductFrameBytes)
            || _stack[^1].Node is not { } selector || !selector.IsConst(out var constant) || (uint)constant != 0 || !_module.IsProduct(function) || _go.Calls[_call] != GoCall.Resumable)
        {
            return false;
        }

        Pop();
        EmitSpAddress(sp);
        _il.Emit(OpCodes.Call, RuntimeMethods.Method(nameof(RuntimeMethods.Multiply)));
        _call++;
        _global = sp + sizeof(ulong);
        EmitContextAddress(ContextLayout.Global(0));
        EmitSp(sp + sizeof(ulong));
        _il.Emit(OpCodes.Stind_I8);
        Push(Node.Const(ValueType.I32, 0));
        return true;
    }

    /// <summary>Before a call that may move SP: what was to be computed from SP is computed.</summary>
    private void SettleSp()
    {
        if (_go is null)
            return;

        for (var i = 0; i < _stack.Count; i++)
        {
            if (_stack[i].Node is { } node && node.ReadsSp())
            {
                EmitNode(node);
                _stack[i] = PutAside(_stack[i]);
            }
        }
    }

    private static Type[] GoParameters { get; } = [typeof(long), IlTypes.Instance, typeof(long)];

    /// <summary>Behind a call of a function in Go's convention, whose return stands on the evaluation stack.</summary>
    private void EndGoCall(bool isImport)
    {
        _returned ??= _il.DeclareLocal(typeof(long));

        if (_go is null || isImport)
        {
            _il.Emit(OpCodes.Stloc, _returned);
            SignatureCode.EmitWasmResult(_il, InstanceArgument, _returned);
            PushEvaluated(ValueType.I32);
            EndPlainCall(movesSp: true);
            return;
        }

        switch (_go.Calls[_call++])
        {
            case GoCall.Tail:
                _isTail = true;
                PushEvaluated(ValueType.I32);
                return;
            case GoCall.AlwaysUnwinds:
                _il.Emit(OpCodes.Pop);
                EmitReturnOther(() => _il.Emit(OpCodes.Ldc_I4_1));
                break;
            default:
                if (!_unexpected.TryGetValue(_block, out var unexpected))
                    _unexpected.Add(_block, unexpected = DefineLabel());

                _il.Emit(OpCodes.Stloc, _returned);
                _il.Emit(OpCodes.Ldloc, _returned);
                EmitSp(_global!.Value + sizeof(ulong));
                _il.Emit(OpCodes.Bne_Un, unexpected);
                break;
        }

        _global += sizeof(ulong);
        Push(Node.Const(ValueType.I32, 0));
    }

    private void EmitRangeCheck(int below, int above, Label outside)
    {
        _il.Emit(OpCodes.Ldarg_0);
        EmitI8(below);
        _il.Emit(OpCodes.Sub);
        EmitMemoryLength();
        EmitI8((long)below + above);
        _il.Emit(OpCodes.Sub);
        _il.Emit(OpCodes.Bgt_Un, outside);
    }

    private void EmitGoReturn()
    {
        if (_isTail)
        {
            _isTail = false;
            _il.Emit(OpCodes.Ret);
            return;
        }

        if (_stack[^1].Node is null)
            _stack[^1] = PutAside(_stack[^1]);

        var entry = _stack[^1];

        if (entry.Node!.IsConst(out var constant) && (uint)constant != 0)
        {
            EmitReturnOther(() => EmitEntry(entry));
        }
        else if (_go is not null && entry.Node.IsConst(out _) && _global is { } sp)
        {
            EmitSp(sp);
            _il.Emit(OpCodes.Ret);
        }
        else
        {
            SignatureCode.EmitGoResult(_il, InstanceArgument, () => EmitEntry(entry));
        }
    }

    private void EmitReturnOther(Action load) => SignatureCode.EmitOtherResult(_il, InstanceArgument, load);

    /// <summary>Leaves SP at entry plus a constant as 64 bits. What the entry's comparison covers does not wrap.</summary>
    private void EmitSp(int displacement)
    {
        _il.Emit(OpCodes.Ldarg_0);

        if (displacement == 0)
            return;

        if (!IsCovered(displacement))
        {
            _il.Emit(OpCodes.Conv_I4);
            EmitI4(displacement);
            _il.Emit(OpCodes.Add);
            _il.Emit(OpCodes.Conv_U8);
            return;
        }

        EmitI8(displacement);
        _il.Emit(OpCodes.Add);
    }

    /// <summary>Makes what is on the evaluation stack SP at entry.</summary>
    private void EmitStoreSp()
    {
        _il.Emit(OpCodes.Starg, (short)0);
        EmitFrame();
    }

    private void EmitFrame()
    {
        if (_frame is null)
            return;

        EmitInstance();
        _il.Emit(OpCodes.Ldarg_0);
        EmitNative();
        _il.Emit(OpCodes.Add);
        _il.Emit(OpCodes.Stloc, _frame);
    }

    /// <summary>Leaves the native address of what lies at SP at entry plus a constant.</summary>
    private void EmitSpAddress(int displacement)
    {
        if (_frame is not null)
        {
            _il.Emit(OpCodes.Ldloc, _frame);
        }
        else
        {
            EmitInstance();
            _il.Emit(OpCodes.Ldarg_0);
            EmitNative();
            _il.Emit(OpCodes.Add);
        }

        EmitAdd(displacement);
    }

    private bool IsCovered(long displacement, int width = 1) => displacement >= -_go!.Lowest && displacement + width <= Above;

    private void EmitGoOutOfLine()
    {
        if (_go!.HasDispatch && !_isResume)
            EmitEnterInTheMiddle();

        if (_unexpected.Count > 0)
            EmitUnexpected();

        EmitMoves();

        foreach (var (block, label) in _stops)
        {
            _il.MarkLabel(label);
            EmitStop(block);
        }

        EmitRangeExits();
    }

    /// <summary>The call was to enter at another block: that is compiled for itself, or left to the interpreter.</summary>
    private void EmitEnterInTheMiddle()
    {
        _il.MarkLabel(_resumeEntry);
        EmitPointer(_module.ResumeEntryAddress(_function));
        _il.Emit(OpCodes.Ldind_I);
        _il.Emit(OpCodes.Brfalse, _entrySlow);
        _il.Emit(OpCodes.Ldarg_0);
        _il.Emit(OpCodes.Ldarg_1);
        _il.Emit(OpCodes.Ldarg_2);
        _il.Emit(OpCodes.Ldc_I4_0);
        _il.Emit(OpCodes.Conv_U);
        EmitPointer(_module.ResumeEntryAddress(_function));
        _il.Emit(OpCodes.Ldind_I);
        _il.EmitCalli(OpCodes.Calli, CallingConventions.Standard, typeof(long), Signature.ResumeParameters, null);
        _il.Emit(OpCodes.Ret);
    }

    /// <summary>A call has unwound, and so does the function; or it has moved SP, and the interpreter enters the function anew behind the call.</summary>
    private void EmitUnexpected()
    {
        var selector = _il.DeclareLocal(typeof(long));
        var (common, moved) = (DefineLabel(), DefineLabel());

        foreach (var (block, label) in _unexpected)
        {
            _il.MarkLabel(label);
            EmitI8(_function | ((long)Array.IndexOf(_go!.Targets, block) << 32));
            _il.Emit(OpCodes.Stloc, selector);
            _il.Emit(OpCodes.Br, common);
        }

        _il.MarkLabel(common);
        _il.Emit(OpCodes.Ldloc, _returned!);
        _il.Emit(OpCodes.Ldc_I4_0);
        _il.Emit(OpCodes.Conv_I8);
        _il.Emit(OpCodes.Bge, moved);
        EmitReturnOther(() => _il.Emit(OpCodes.Ldc_I4_1));
        _il.MarkLabel(moved);
        _il.Emit(OpCodes.Ldloc, _returned!);
        EmitInstance();
        _il.Emit(OpCodes.Ldloc, selector);
        EmitPointer(_module.Stub(_function));
        _il.EmitCalli(OpCodes.Calli, CallingConventions.Standard, typeof(long), GoParameters, null);
        _il.Emit(OpCodes.Ret);
    }

    /// <summary>The call is wanted for something else at a jump back to a block: the interpreter sees to that, and goes on there.</summary>
    private void EmitStop(int index)
    {
        var block = _go!.Blocks[index];
        var slots = _il.DeclareLocal(typeof(ulong*));
        EmitContextField(ContextLayout.ValueStackTop, OpCodes.Ldind_I);
        _il.Emit(OpCodes.Stloc, slots);

        for (var live = block.Live; live != 0; live &= live - 1)
            EmitStoreInSlot(slots, BitOperations.TrailingZeroCount(live));

        _il.Emit(OpCodes.Ldloc, slots);
        EmitAdd(sizeof(ulong));
        EmitSp(block.Displacement ?? 0);
        _il.Emit(OpCodes.Stind_I8);
        EmitInstance();
        EmitI4((int)_function);
        EmitI4(Array.IndexOf(_go.Targets, index));
        _il.Emit(OpCodes.Ldloc, slots);
        _il.Emit(OpCodes.Call, RuntimeMethods.Method(nameof(RuntimeMethods.Continue)));
        EmitReturnFromSlot(slots);
    }

    private void EmitStoreInSlot(LocalBuilder slots, int local)
    {
        _il.Emit(OpCodes.Ldloc, slots);
        EmitAdd(local * sizeof(ulong));
        EmitLoadLocal(local);
        SlotCode.EmitStore(_il, _localTypes[local]);
    }
}
