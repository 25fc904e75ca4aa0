using System.Collections.Immutable;
using System.Diagnostics;
using System.Reflection.Emit;
using PluginHost.Wasm.Binary;

namespace PluginHost.Wasm.Compiler;

/// <summary>The operand stack, and what moves its values.</summary>
internal sealed partial class FunctionCompiler
{
    private static readonly OpCode[] s_smallConstants =
    [
        OpCodes.Ldc_I4_0, OpCodes.Ldc_I4_1, OpCodes.Ldc_I4_2, OpCodes.Ldc_I4_3, OpCodes.Ldc_I4_4, OpCodes.Ldc_I4_5, OpCodes.Ldc_I4_6, OpCodes.Ldc_I4_7, OpCodes.Ldc_I4_8,
    ];

    private void Push(Node node) => _stack.Add(new StackEntry(node, node.Type));

    /// <summary>A value that was just left on the evaluation stack.</summary>
    private void PushEvaluated(ValueType type) => _stack.Add(new StackEntry(null, type));

    private StackEntry Pop()
    {
        var entry = _stack[^1];
        _stack.RemoveAt(_stack.Count - 1);
        return entry;
    }

    private void ResetStack(int height) => _stack.RemoveRange(height, _stack.Count - height);

    private LocalBuilder NewTemporary(ValueType type)
    {
        if (_temporaries >= FreshTemporaries && _free.TryGetValue(type, out var free) && free.Count > 0)
            return free.Pop();

        _temporaries++;
        return _il.DeclareLocal(IlTypes.Of(type));
    }

    /// <summary>Stores a value that stands on top of the evaluation stack in a local.</summary>
    private StackEntry PutAside(StackEntry entry)
    {
        var temporary = NewTemporary(entry.Type);
        _il.Emit(OpCodes.Stloc, temporary);
        return new StackEntry(Node.OfTemporary(entry.Type, temporary), entry.Type);
    }

    /// <summary>Takes everything off the evaluation stack.</summary>
    private void SpillEvaluated()
    {
        for (var i = _stack.Count - 1; i >= 0; i--)
        {
            if (_stack[i].Node is null)
                _stack[i] = PutAside(_stack[i]);
        }
    }

    /// <summary>A popped value that stands on top of the evaluation stack, above others that have to be taken off: itself first.</summary>
    private void SpillCondition(ref StackEntry entry)
    {
        if (entry.Node is null && _stack.Exists(other => other.Node is null))
            entry = PutAside(entry);
    }

    /// <summary>Before control flow splits or meets: values become locals that nothing else assigns, so that they are the same on every path.</summary>
    private void Settle()
    {
        SpillEvaluated();

        for (var i = 0; i < _stack.Count; i++)
        {
            if (_stack[i].Node!.Kind is NodeKind.Local or NodeKind.Operation)
            {
                EmitNode(_stack[i].Node!);
                _stack[i] = PutAside(_stack[i]);
            }
        }
    }

    /// <summary>Before a local is assigned: values that read it are computed.</summary>
    private void PutReadersAside(int local)
    {
        for (var i = 0; i < _stack.Count; i++)
        {
            if (_stack[i].Node is { } node && node.Reads(local))
            {
                EmitNode(node);
                _stack[i] = PutAside(_stack[i]);
            }
        }
    }

    private LocalBuilder Canonical(int position, ValueType type)
    {
        if (!_canonical.TryGetValue((position, type), out var local))
            _canonical.Add((position, type), local = _il.DeclareLocal(IlTypes.Of(type)));

        return local;
    }

    private void StoreCanonical(int position, StackEntry entry)
    {
        var canonical = Canonical(position, entry.Type);

        if (entry.Node is { Kind: NodeKind.Temporary } node && node.Temporary == canonical)
            return;

        EmitEntry(entry);
        _il.Emit(OpCodes.Stloc, canonical);
    }

    /// <summary>Stores the values on top of the stack where the code behind a label expects them; they stay on the stack.</summary>
    private void MoveToCanonical(int position, ImmutableArray<ValueType> types)
    {
        if (types.Length == 0)
            return;

        Settle();

        for (var i = 0; i < types.Length; i++)
            StoreCanonical(position + i, _stack[_stack.Count - types.Length + i]);
    }

    private void PushCanonical(int position, ImmutableArray<ValueType> types)
    {
        for (var i = 0; i < types.Length; i++)
            Push(Node.OfTemporary(types[i], Canonical(position + i, types[i])));
    }

    private void ReplaceByCanonical(int position, ImmutableArray<ValueType> types)
    {
        ResetStack(position);
        PushCanonical(position, types);
    }

    /// <summary>Puts a value on the evaluation stack, where it may stand already.</summary>
    private void EmitEntry(StackEntry entry)
    {
        if (entry.Node is { } node)
            EmitNode(node);
    }

    private void EmitNode(Node node)
    {
        switch (node.Kind)
        {
            case NodeKind.Const:
                EmitConst(node.Type, node.Bits);
                break;
            case NodeKind.Local:
                EmitLoadLocal(node.Local);
                break;
            case NodeKind.Temporary:
                _il.Emit(OpCodes.Ldloc, node.Temporary!);
                break;
            case NodeKind.Sp:
                _il.Emit(OpCodes.Ldarg_0);
                _il.Emit(OpCodes.Conv_I4);

                if (node.Displacement != 0)
                {
                    EmitI4(node.Displacement);
                    _il.Emit(OpCodes.Add);
                }

                break;
            case NodeKind.Operation when node is { Opcode: Opcode.I64ExtendI32U, First.Kind: NodeKind.Sp }:
                EmitSp(node.First.Displacement);
                break;
            case NodeKind.Operation:
                EmitNode(node.First!);

                if (node.Second is { } second)
                    EmitNode(second);

                EmitOperation(node.Opcode);
                break;
            default:
                throw new UnreachableException();
        }
    }

    private void EmitConst(ValueType type, ulong bits)
    {
        switch (type)
        {
            case ValueType.I32:
                EmitI4((int)bits);
                break;
            case ValueType.F32:
                EmitFloat(bits);
                break;
            case ValueType.F64:
                EmitDouble(bits);
                break;
            default:
                EmitI8((long)bits);
                break;
        }
    }

    // A NaN may lose bits on its way as a literal, and one that is neutral to an operation has the JIT leave the operation out, which would have quieted a
    // signalling NaN: such constants are read from memory.
    private void EmitFloat(ulong bits)
    {
        var value = BitConverter.UInt32BitsToSingle((uint)bits);

        if (!IsDelicate(value))
        {
            _il.Emit(OpCodes.Ldc_R4, value);
            return;
        }

        EmitPointer(_module.ConstantAddress((uint)bits));
        _il.Emit(OpCodes.Ldind_R4);
    }

    private void EmitDouble(ulong bits)
    {
        var value = BitConverter.UInt64BitsToDouble(bits);

        if (!IsDelicate(value))
        {
            _il.Emit(OpCodes.Ldc_R8, value);
            return;
        }

        EmitPointer(_module.ConstantAddress(bits));
        _il.Emit(OpCodes.Ldind_R8);
    }

    private static bool IsDelicate(double value) => double.IsNaN(value) || value is 0 or 1 or -1;

    private void EmitLoadLocal(int local)
    {
        if (_locals[local] is { } builder)
            _il.Emit(OpCodes.Ldloc, builder);
        else
            _il.Emit(OpCodes.Ldarg, (short)local);
    }

    private void EmitStoreLocal(int local)
    {
        if (_locals[local] is { } builder)
            _il.Emit(OpCodes.Stloc, builder);
        else
            _il.Emit(OpCodes.Starg, (short)local);
    }

    private void EmitInstance()
    {
        switch (InstanceArgument)
        {
            case 0:
                _il.Emit(OpCodes.Ldarg_0);
                break;
            case 1:
                _il.Emit(OpCodes.Ldarg_1);
                break;
            default:
                _il.Emit(OpCodes.Ldarg, InstanceArgument);
                break;
        }
    }

    /// <summary>A constant in as few bytes as there can be: the JIT stops to optimise where a method has many.</summary>
    private void EmitI4(int value)
    {
        switch (value)
        {
            case >= 0 and <= 8:
                _il.Emit(s_smallConstants[value]);
                break;
            case >= sbyte.MinValue and <= sbyte.MaxValue:
                _il.Emit(OpCodes.Ldc_I4_S, (sbyte)value);
                break;
            default:
                _il.Emit(OpCodes.Ldc_I4, value);
                break;
        }
    }

    private void EmitI8(long value) => _il.Emit(OpCodes.Ldc_I8, value);

    /// <summary>Makes 64 bits a native integer, which they are already but on a machine of 32.</summary>
    private void EmitNative()
    {
        if (nint.Size < sizeof(long))
            _il.Emit(OpCodes.Conv_U);
    }

    private void EmitContextAddress(int offset)
    {
        EmitInstance();
        EmitAdd(offset);
    }

    private void EmitContextField(int offset, OpCode load)
    {
        EmitContextAddress(offset);
        _il.Emit(load);
    }

    /// <summary>
    /// The flag that interrupts, and the one behind it, which asks for the call's turn. Volatile: the JIT would read what no code of a loop writes once, before it.
    /// </summary>
    private void EmitFlags()
    {
        EmitContextAddress(ContextLayout.Interrupt);
        _il.Emit(OpCodes.Volatile);
        _il.Emit(OpCodes.Ldind_I8);
    }

    private void EmitAdd(int offset)
    {
        if (offset == 0)
            return;

        // An i32 added to a native int is extended.
        EmitI4(offset);
        _il.Emit(OpCodes.Add);
    }

    private void EmitPointer(nint address)
    {
        EmitI8(address);
        EmitNative();
    }
}
