using System.Numerics;
using System.Reflection.Emit;

namespace PluginHost.Wasm.Compiler;

/// <summary>What follows the calls of a <see cref="GoFunction"/> that are not in Go's convention, and may have moved SP.</summary>
internal sealed partial class FunctionCompiler
{
    /// <summary>With more operands behind such a call a function is left to the interpreter: Go's compiler leaves a few, and they are kept for every call.</summary>
    private const int MaximumKeptOperands = 64;

    private readonly List<SpMove> _moves = [];

    /// <summary>The number of the last call, of either kind, in the order of the code.</summary>
    private int _callNumber = -1;

    private int _plainCall;

    /// <summary>
    /// Behind a call that is not in Go's convention, with its results on the stack: where it has moved SP, SP at entry is taken to have been elsewhere, so that SP
    /// is what it is now. Everything that was computed from SP before has its value.
    /// </summary>
    private void EndPlainCall(bool movesSp)
    {
        if (_go is null)
            return;

        var live = _go.LiveBehindCalls[_plainCall++];

        if (!movesSp)
            return;

        if (_stack.Count > MaximumKeptOperands)
        {
            IsRefused = true;
            return;
        }

        SpillEvaluated();
        var (moved, back) = (DefineLabel(), DefineLabel());
        EmitContextField(ContextLayout.Global(0), OpCodes.Ldind_U4);
        _il.Emit(OpCodes.Conv_U8);
        EmitSp(_global!.Value);
        _il.Emit(OpCodes.Bne_Un, moved);
        _il.MarkLabel(back);
        _moves.Add(new SpMove(moved, back, _callNumber, _global.Value, _selector, live, [.. _stack]));
    }

    private void EmitMoves()
    {
        if (_moves.Count == 0)
            return;

        var leave = DefineLabel();
        var slots = _il.DeclareLocal(typeof(ulong*));
        var number = _il.DeclareLocal(typeof(int));

        foreach (var move in _moves)
        {
            _il.MarkLabel(move.Moved);
            EmitContextField(ContextLayout.Global(0), OpCodes.Ldind_U4);
            _il.Emit(OpCodes.Conv_U8);
            EmitI8(move.Global);
            _il.Emit(OpCodes.Sub);
            EmitStoreSp();
            var outside = DefineLabel();
            EmitRangeCheck(_go!.Lowest, Above, outside);
            _il.Emit(OpCodes.Br, move.Back);
            _il.MarkLabel(outside);
            EmitPutInSlots(move, slots);
            EmitI4(move.Number);
            _il.Emit(OpCodes.Stloc, number);
            _il.Emit(OpCodes.Br, leave);
        }

        _il.MarkLabel(leave);
        EmitInstance();
        EmitI4((int)_function);
        _il.Emit(OpCodes.Ldloc, number);
        _il.Emit(OpCodes.Ldloc, slots);
        _il.Emit(OpCodes.Call, RuntimeMethods.Method(nameof(RuntimeMethods.ContinueBehindCall)));
        EmitReturnFromSlot(slots);
    }

    /// <summary>SP is where the function's frame does not lie in the memory, which it may never touch again: the interpreter goes on, and checks every access.</summary>
    private void EmitPutInSlots(SpMove move, LocalBuilder slots)
    {
        EmitContextField(ContextLayout.ValueStackTop, OpCodes.Ldind_I);
        _il.Emit(OpCodes.Stloc, slots);

        for (var live = move.Live; live != 0; live &= live - 1)
        {
            var local = BitOperations.TrailingZeroCount(live);
            _il.Emit(OpCodes.Ldloc, slots);
            EmitAdd(local * sizeof(ulong));

            if (local == 0 && move.Selector is { } selector)
                EmitI4((int)selector);
            else
                EmitLoadLocal(local);

            SlotCode.EmitStore(_il, _localTypes[local]);
        }

        for (var i = 0; i < move.Operands.Length; i++)
        {
            _il.Emit(OpCodes.Ldloc, slots);
            EmitAdd((_localTypes.Count + i) * sizeof(ulong));
            EmitEntry(move.Operands[i]);
            SlotCode.EmitStore(_il, move.Operands[i].Type);
        }
    }

    /// <summary>Returns what the interpreter left in the first slot.</summary>
    private void EmitReturnFromSlot(LocalBuilder slots) => SignatureCode.EmitGoResult(_il, InstanceArgument, () =>
    {
        _il.Emit(OpCodes.Ldloc, slots);
        _il.Emit(OpCodes.Ldind_I4);
    });
}
