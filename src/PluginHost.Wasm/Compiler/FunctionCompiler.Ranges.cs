using System.Diagnostics;
using System.Numerics;
using System.Reflection.Emit;
using PluginHost.Wasm.Binary;

namespace PluginHost.Wasm.Compiler;

/// <summary>Accesses that are checked together, as a <see cref="RangePlan"/> has them.</summary>
internal sealed partial class FunctionCompiler
{
    private readonly List<RangeExit> _rangeExits = [];
    private int _at;

    /// <summary>The range that covers the access that comes next, and where in it the access is; null where it is checked by itself.</summary>
    public (CheckedRange Range, int Displacement)? Covered { get; set; }

    /// <summary>Compares a local with the memory's length, on behalf of accesses that follow. No operand stands on the stack.</summary>
    /// <param name="at">The place in the module's bytes where the interpreter goes on when one of them would not lie in the memory.</param>
    public void CheckRange(CheckedRange range, int at)
    {
        if (_stack.Count > 0)
            throw new UnreachableException();

        var local = Node.OfLocal(_localTypes[range.Local], range.Local);
        var address = local.Type == ValueType.I32 ? local : Node.Operation(Opcode.I32WrapI64, ValueType.I32, local, null);
        var exit = new RangeExit(DefineLabel(), at, range.Live, _sp, _selector);
        _rangeExits.Add(exit);

        // Where the range starts below 0, the sum is larger than any memory.
        EmitNode(address);
        _il.Emit(OpCodes.Conv_U8);

        if (range.Below < 0)
        {
            EmitI8(range.Below);
            _il.Emit(OpCodes.Add);
        }

        EmitMemoryLength();
        EmitI8((long)range.End - range.Below);
        _il.Emit(OpCodes.Sub);
        _il.Emit(OpCodes.Bgt_Un, exit.Label);
        range.Pointer = _il.DeclareLocal(IlTypes.Instance);
        EmitMemoryBase();
        EmitNode(address);
        _il.Emit(OpCodes.Conv_U8);
        EmitNative();
        _il.Emit(OpCodes.Add);
        _il.Emit(OpCodes.Stloc, range.Pointer);
        _checked[(range.Local, (uint)range.Below)] = (ulong)((long)range.End - range.Below);
    }

    /// <summary>Leaves the native address of an access in a range; the address that was computed for it is not needed.</summary>
    private void EmitCoveredAddress(StackEntry address, CheckedRange range, int displacement)
    {
        if (address.Node is null)
            _il.Emit(OpCodes.Pop);

        _il.Emit(OpCodes.Ldloc, range.Pointer!);
        EmitAdd(displacement);
    }

    private void EmitRangeExits()
    {
        if (_rangeExits.Count == 0)
            return;

        var common = DefineLabel();
        var slots = _il.DeclareLocal(typeof(ulong*));
        var at = _il.DeclareLocal(typeof(int));

        foreach (var exit in _rangeExits)
        {
            _il.MarkLabel(exit.Label);
            EmitContextField(ContextLayout.ValueStackTop, OpCodes.Ldind_I);
            _il.Emit(OpCodes.Stloc, slots);

            for (var live = exit.Live & ~0b11UL; live != 0; live &= live - 1)
                EmitStoreInSlot(slots, BitOperations.TrailingZeroCount(live));

            if ((exit.Live & 1) != 0 && exit.Selector is { } selector)
            {
                _il.Emit(OpCodes.Ldloc, slots);
                EmitI8(selector);
                _il.Emit(OpCodes.Stind_I8);
            }
            else if ((exit.Live & 1) != 0)
            {
                EmitStoreInSlot(slots, 0);
            }

            _il.Emit(OpCodes.Ldloc, slots);
            EmitAdd(sizeof(ulong));
            EmitSp(exit.Sp);
            _il.Emit(OpCodes.Stind_I8);
            EmitI4(exit.At);
            _il.Emit(OpCodes.Stloc, at);
            _il.Emit(OpCodes.Br, common);
        }

        _il.MarkLabel(common);
        EmitInstance();
        EmitI4((int)_function);
        _il.Emit(OpCodes.Ldloc, at);
        _il.Emit(OpCodes.Ldloc, slots);
        _il.Emit(OpCodes.Call, RuntimeMethods.Method(nameof(RuntimeMethods.ContinueAt)));
        SignatureCode.EmitGoResult(_il, InstanceArgument, () =>
        {
            _il.Emit(OpCodes.Ldloc, slots);
            _il.Emit(OpCodes.Ldind_I4);
        });
    }

    /// <summary>A way out of the code, to where the interpreter goes on.</summary>
    /// <param name="Live">The locals that it needs.</param>
    private sealed record RangeExit(Label Label, int At, ulong Live, int Sp, uint? Selector);
}
