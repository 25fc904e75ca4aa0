using PluginHost.Wasm.Binary;
using PluginHost.Wasm.Modules;

namespace PluginHost.Wasm.Validation;

/// <summary>Wants to know nothing: for validation alone.</summary>
internal readonly struct NoSink : IFunctionSink
{
    public void Begin(FunctionType type, ReadOnlySpan<ValueType> locals)
    {
    }

    public void At(int offset)
    {
    }

    public void Block(FunctionType type)
    {
    }

    public void Loop(FunctionType type)
    {
    }

    public void If(FunctionType type)
    {
    }

    public void Else(bool reachable)
    {
    }

    public void End(bool reachable)
    {
    }

    public void Br(uint depth)
    {
    }

    public void BrIf(uint depth)
    {
    }

    public void BrTable(ReadOnlySpan<uint> depths)
    {
    }

    public void Return()
    {
    }

    public void Unreachable()
    {
    }

    public void Call(uint function)
    {
    }

    public void CallIndirect(uint type, uint table)
    {
    }

    public void ReturnCall(uint function)
    {
    }

    public void ReturnCallIndirect(uint type, uint table)
    {
    }

    public void Drop()
    {
    }

    public void Select(ValueType type)
    {
    }

    public void LocalGet(uint local)
    {
    }

    public void LocalSet(uint local)
    {
    }

    public void LocalTee(uint local)
    {
    }

    public void GlobalGet(uint global)
    {
    }

    public void GlobalSet(uint global)
    {
    }

    public void Const(ValueType type, ulong bits)
    {
    }

    public void RefNull(ValueType type)
    {
    }

    public void RefIsNull()
    {
    }

    public void RefFunc(uint function)
    {
    }

    public void Load(Opcode opcode, uint offset)
    {
    }

    public void Store(Opcode opcode, uint offset)
    {
    }

    public void Numeric(Opcode opcode)
    {
    }

    public void MemorySize()
    {
    }

    public void MemoryGrow()
    {
    }

    public void MemoryInit(uint segment)
    {
    }

    public void DataDrop(uint segment)
    {
    }

    public void MemoryCopy()
    {
    }

    public void MemoryFill()
    {
    }

    public void TableGet(uint table)
    {
    }

    public void TableSet(uint table)
    {
    }

    public void TableSize(uint table)
    {
    }

    public void TableGrow(uint table)
    {
    }

    public void TableFill(uint table)
    {
    }

    public void TableCopy(uint destination, uint source)
    {
    }

    public void TableInit(uint table, uint segment)
    {
    }

    public void ElemDrop(uint segment)
    {
    }
}
