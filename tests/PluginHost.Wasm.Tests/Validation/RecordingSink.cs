using PluginHost.Wasm.Binary;
using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Validation;

namespace PluginHost.Wasm.Tests.Validation;

/// <summary>Writes down the control flow that it is told of, and each other instruction's name.</summary>
internal readonly struct RecordingSink(List<string> calls) : IFunctionSink
{
    public void Begin(FunctionType type, ReadOnlySpan<ValueType> locals) => calls.Add($"begin {locals.Length}");

    public void At(int offset)
    {
    }

    public void Block(FunctionType type) => calls.Add("block");

    public void Loop(FunctionType type) => calls.Add("loop");

    public void If(FunctionType type) => calls.Add("if");

    public void Else(bool reachable) => calls.Add($"else {reachable}");

    public void End(bool reachable) => calls.Add($"end {reachable}");

    public void Br(uint depth) => calls.Add($"br {depth}");

    public void BrIf(uint depth) => calls.Add($"br_if {depth}");

    public void BrTable(ReadOnlySpan<uint> depths) => calls.Add($"br_table {string.Join(' ', depths.ToArray())}");

    public void Return() => calls.Add("return");

    public void Unreachable() => calls.Add("unreachable");

    public void Call(uint function) => calls.Add("call");

    public void CallIndirect(uint type, uint table) => calls.Add("call_indirect");

    public void ReturnCall(uint function) => calls.Add("return_call");

    public void ReturnCallIndirect(uint type, uint table) => calls.Add("return_call_indirect");

    public void Drop() => calls.Add("drop");

    public void Select(ValueType type) => calls.Add("select");

    public void LocalGet(uint local) => calls.Add("local.get");

    public void LocalSet(uint local) => calls.Add("local.set");

    public void LocalTee(uint local) => calls.Add("local.tee");

    public void GlobalGet(uint global) => calls.Add("global.get");

    public void GlobalSet(uint global) => calls.Add("global.set");

    public void Const(ValueType type, ulong bits) => calls.Add($"const {bits:x}");

    public void RefNull(ValueType type) => calls.Add("ref.null");

    public void RefIsNull() => calls.Add("ref.is_null");

    public void RefFunc(uint function) => calls.Add("ref.func");

    public void Load(Opcode opcode, uint offset) => calls.Add(Opcodes.Mnemonic(opcode));

    public void Store(Opcode opcode, uint offset) => calls.Add(Opcodes.Mnemonic(opcode));

    public void Numeric(Opcode opcode) => calls.Add(Opcodes.Mnemonic(opcode));

    public void MemorySize() => calls.Add("memory.size");

    public void MemoryGrow() => calls.Add("memory.grow");

    public void MemoryInit(uint segment) => calls.Add("memory.init");

    public void DataDrop(uint segment) => calls.Add("data.drop");

    public void MemoryCopy() => calls.Add("memory.copy");

    public void MemoryFill() => calls.Add("memory.fill");

    public void TableGet(uint table) => calls.Add("table.get");

    public void TableSet(uint table) => calls.Add("table.set");

    public void TableSize(uint table) => calls.Add("table.size");

    public void TableGrow(uint table) => calls.Add("table.grow");

    public void TableFill(uint table) => calls.Add("table.fill");

    public void TableCopy(uint destination, uint source) => calls.Add("table.copy");

    public void TableInit(uint table, uint segment) => calls.Add("table.init");

    public void ElemDrop(uint segment) => calls.Add("elem.drop");
}
