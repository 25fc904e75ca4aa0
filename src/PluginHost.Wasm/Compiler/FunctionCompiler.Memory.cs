using System.Diagnostics;
using System.Reflection.Emit;
using PluginHost.Wasm.Binary;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Wasm.Compiler;

/// <summary>
/// Loads, stores, and the instructions on whole ranges. Every access is checked against the memory's length in 64 bits, where address and offset, below
/// 2^32 each, cannot wrap; a check is left out where one before it in the same straight line covered it, as memories never shrink.
/// </summary>
internal sealed partial class FunctionCompiler
{
    /// <summary>What is known to lie in the memory: for a local plus a constant as 32-bit address, the number of bytes from there on.</summary>
    private readonly Dictionary<(int Local, uint Addend), ulong> _checked = [];

    public void Load(Opcode opcode, uint offset)
    {
        var info = Opcodes.Find(opcode)!;
        EmitAddress(Pop(), offset, info.AccessWidth);
        _il.Emit(LoadInstruction(opcode));

        if (info.Results[0] == ValueType.I64 && opcode != Opcode.I64Load)
            _il.Emit(opcode is Opcode.I64Load8S or Opcode.I64Load16S or Opcode.I64Load32S ? OpCodes.Conv_I8 : OpCodes.Conv_U8);

        PushEvaluated(info.Results[0]);
    }

    public void Store(Opcode opcode, uint offset)
    {
        var value = Pop();

        if (value.Node is null)
            value = PutAside(value);

        EmitAddress(Pop(), offset, Opcodes.Find(opcode)!.AccessWidth);
        EmitEntry(value);
        _il.Emit(StoreInstruction(opcode));
    }

    public void MemorySize()
    {
        EmitMemoryLength();
        EmitI4(16);
        _il.Emit(OpCodes.Shr_Un);
        _il.Emit(OpCodes.Conv_I4);
        PushEvaluated(ValueType.I32);
    }

    public void MemoryGrow() => EmitRuntimeCall(nameof(RuntimeMethods.MemoryGrow), 1, ValueType.I32);

    public void MemoryInit(uint segment) => EmitRuntimeCall(nameof(RuntimeMethods.MemoryInit), 3, null, segment);

    public void DataDrop(uint segment) => EmitRuntimeCall(nameof(RuntimeMethods.DataDrop), 0, null, segment);

    public void MemoryCopy() => EmitRuntimeCall(nameof(RuntimeMethods.MemoryCopy), 3, null);

    public void MemoryFill() => EmitRuntimeCall(nameof(RuntimeMethods.MemoryFill), 3, null);

    public void TableGet(uint table) => EmitRuntimeCall(nameof(RuntimeMethods.TableGet), 1, Module.Tables[(int)table].ElementType, table);

    public void TableSet(uint table) => EmitRuntimeCall(nameof(RuntimeMethods.TableSet), 2, null, table);

    public void TableSize(uint table) => EmitRuntimeCall(nameof(RuntimeMethods.TableSize), 0, ValueType.I32, table);

    public void TableGrow(uint table) => EmitRuntimeCall(nameof(RuntimeMethods.TableGrow), 2, ValueType.I32, table);

    public void TableFill(uint table) => EmitRuntimeCall(nameof(RuntimeMethods.TableFill), 3, null, table);

    public void TableCopy(uint destination, uint source) => EmitRuntimeCall(nameof(RuntimeMethods.TableCopy), 3, null, destination, source);

    public void TableInit(uint table, uint segment) => EmitRuntimeCall(nameof(RuntimeMethods.TableInit), 3, null, table, segment);

    public void ElemDrop(uint segment) => EmitRuntimeCall(nameof(RuntimeMethods.ElemDrop), 0, null, segment);

    /// <summary>Calls a method of the runtime with the instance, constants, and operands.</summary>
    private void EmitRuntimeCall(string method, int operands, ValueType? result, params ReadOnlySpan<uint> constants)
    {
        SpillEvaluated();
        EmitInstance();

        foreach (var constant in constants)
            EmitI4((int)constant);

        for (var i = _stack.Count - operands; i < _stack.Count; i++)
            EmitEntry(_stack[i]);

        ResetStack(_stack.Count - operands);
        _il.Emit(OpCodes.Call, RuntimeMethods.Method(method));

        if (result is { } type)
            PushEvaluated(type);
    }

    /// <summary>Leaves the native address of an access on the evaluation stack, when all its bytes lie in the memory.</summary>
    private void EmitAddress(StackEntry address, uint offset, int width)
    {
        if (Covered is var (range, displacement))
        {
            EmitCoveredAddress(address, range, displacement);
            return;
        }

        if (address.Node is { } whole && whole.IsConst(out var constant))
        {
            EmitConstantAddress((uint)constant + (ulong)offset, width);
            return;
        }

        if (address.Node is { Kind: NodeKind.Sp } sp && IsCovered(sp.Displacement) && IsCovered((long)sp.Displacement + offset, width))
        {
            EmitSpAddress(sp.Displacement + (int)offset);
            return;
        }

        var isKnown = TryName(address.Node, out var name);
        var end = (ulong)offset + (ulong)width;

        if (isKnown && _checked.TryGetValue(name, out var known) && known >= end)
        {
            EmitMemoryBase();
            EmitEntry(address);
            _il.Emit(OpCodes.Conv_U8);
            EmitNative();
            _il.Emit(OpCodes.Add);
            EmitAdd(offset);
            return;
        }

        var place = NewTemporary(ValueType.I64);
        EmitEntry(address);
        _il.Emit(OpCodes.Conv_U8);
        _il.Emit(OpCodes.Stloc, place);
        SpillEvaluated();
        EmitRangeCheck(place, end);
        EmitMemoryBase();
        _il.Emit(OpCodes.Ldloc, place);
        EmitNative();
        _il.Emit(OpCodes.Add);
        EmitAdd(offset);

        if (isKnown)
            _checked[name] = Math.Max(end, _checked.GetValueOrDefault(name));
    }

    private void EmitRangeCheck(LocalBuilder place, ulong end)
    {
        _il.Emit(OpCodes.Ldloc, place);

        // A memory is never smaller than its type says, so that the difference is not negative; and it is the same for many accesses.
        if (end <= (ulong)Module.Memory!.Limits.Minimum * LinearMemory.PageSize)
        {
            EmitMemoryLength();
            EmitI8((long)end);
            _il.Emit(OpCodes.Sub);
        }
        else
        {
            EmitI8((long)end);
            _il.Emit(OpCodes.Add);
            EmitMemoryLength();
        }

        _il.Emit(OpCodes.Bgt_Un, TrapLabel(TrapKind.OutOfBoundsMemoryAccess));
    }

    private void EmitConstantAddress(ulong address, int width)
    {
        var end = address + (ulong)width;

        // A memory is never smaller than its type says.
        if (end > (ulong)Module.Memory!.Limits.Minimum * LinearMemory.PageSize)
        {
            SpillEvaluated();
            EmitI8((long)end);
            EmitMemoryLength();
            _il.Emit(OpCodes.Bgt_Un, TrapLabel(TrapKind.OutOfBoundsMemoryAccess));
        }

        EmitMemoryBase();
        EmitI8((long)address);
        EmitNative();
        _il.Emit(OpCodes.Add);
    }

    /// <summary>Whether an address is a local, or the low half of one, plus a constant.</summary>
    private static bool TryName(Node? node, out (int Local, uint Addend) name)
    {
        var addend = 0UL;

        if (node is { Kind: NodeKind.Operation, Opcode: Opcode.I32Add } && node.Second!.IsConst(out addend))
            node = node.First;

        if (node is { Kind: NodeKind.Operation, Opcode: Opcode.I32WrapI64 })
            node = node.First;

        name = (node?.Local ?? 0, (uint)addend);
        return node is { Kind: NodeKind.Local };
    }

    private void ForgetChecks() => _checked.Clear();

    private void Know(Dictionary<(int Local, uint Addend), ulong> known)
    {
        _checked.Clear();

        foreach (var (name, end) in known)
            _checked.Add(name, end);
    }

    /// <summary>What was known before and is known still.</summary>
    private Dictionary<(int Local, uint Addend), ulong> Common(Dictionary<(int Local, uint Addend), ulong> before) =>
        before.Where(entry => _checked.TryGetValue(entry.Key, out var end) && end >= entry.Value).ToDictionary();

    private void ForgetChecks(int local)
    {
        if (_checked.Count == 0)
            return;

        foreach (var name in _checked.Keys.Where(name => name.Local == local).ToList())
            _checked.Remove(name);
    }

    private void EmitMemoryBase()
    {
        // Where the instance defines its memory, that lies just behind the context.
        if (Module.ImportsMemory)
            EmitContextField(ContextLayout.MemoryBase, OpCodes.Ldind_I);
        else
            EmitInstance();
    }

    private void EmitMemoryLength()
    {
        EmitMemoryBase();
        EmitAdd(ContextLayout.MemoryLength);
        _il.Emit(OpCodes.Ldind_I8);
    }

    private void EmitAdd(uint offset)
    {
        if (offset <= int.MaxValue)
        {
            EmitAdd((int)offset);
            return;
        }

        EmitI8(offset);
        EmitNative();
        _il.Emit(OpCodes.Add);
    }

    private static OpCode LoadInstruction(Opcode opcode) => opcode switch
    {
        Opcode.I32Load or Opcode.I64Load32S => OpCodes.Ldind_I4,
        Opcode.I64Load32U => OpCodes.Ldind_U4,
        Opcode.I64Load => OpCodes.Ldind_I8,
        Opcode.F32Load => OpCodes.Ldind_R4,
        Opcode.F64Load => OpCodes.Ldind_R8,
        Opcode.I32Load8S or Opcode.I64Load8S => OpCodes.Ldind_I1,
        Opcode.I32Load8U or Opcode.I64Load8U => OpCodes.Ldind_U1,
        Opcode.I32Load16S or Opcode.I64Load16S => OpCodes.Ldind_I2,
        Opcode.I32Load16U or Opcode.I64Load16U => OpCodes.Ldind_U2,
        _ => throw new UnreachableException(),
    };

    private static OpCode StoreInstruction(Opcode opcode) => opcode switch
    {
        Opcode.I32Store or Opcode.I64Store32 => OpCodes.Stind_I4,
        Opcode.I64Store => OpCodes.Stind_I8,
        Opcode.F32Store => OpCodes.Stind_R4,
        Opcode.F64Store => OpCodes.Stind_R8,
        Opcode.I32Store8 or Opcode.I64Store8 => OpCodes.Stind_I1,
        Opcode.I32Store16 or Opcode.I64Store16 => OpCodes.Stind_I2,
        _ => throw new UnreachableException(),
    };
}
