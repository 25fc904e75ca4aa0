using PluginHost.Wasm.Binary;
using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Validation;

namespace PluginHost.Wasm.Interpreter;

/// <summary>
/// Looks whether a function uses its first parameter only as Go's compiler does: to select a block in the one <c>br_table</c> at the head of a loop. It must
/// be read nowhere but there and behind a write in the same straight line, and written before every branch back to a loop. Then a jump that goes past the
/// <c>br_table</c> may leave the write out, as nobody can see it; a second <c>br_table</c> behind the first could.
/// </summary>
internal struct SelectorScan : IFunctionSink
{
    private const uint Selector = 0;

    private readonly List<bool> _isLoop = [];
    private bool _isOther;
    private bool _isWritten;
    private bool _isPending;
    private bool _isDispatched;

    public SelectorScan()
    {
    }

    public readonly bool IsSelectorDead => !_isOther && !_isPending;

    public readonly void Begin(FunctionType type, ReadOnlySpan<ValueType> locals) => _isLoop.Add(false);

    public readonly void At(int offset)
    {
    }

    public void Block(FunctionType type) => Enter(false);

    public void Loop(FunctionType type) => Enter(true);

    public void If(FunctionType type) => Enter(false);

    public void Else(bool reachable) => StartBlock();

    public void End(bool reachable)
    {
        _isLoop.RemoveAt(_isLoop.Count - 1);
        StartBlock();
    }

    public void Br(uint depth) => Branch(depth);

    public void BrIf(uint depth) => Branch(depth);

    public void BrTable(ReadOnlySpan<uint> depths)
    {
        // The read just before is the dispatch itself.
        _isOther |= _isPending && _isDispatched;
        _isDispatched |= _isPending;
        _isPending = false;

        foreach (var depth in depths)
            Branch(depth);
    }

    public void Return() => Use();

    public void Unreachable() => Use();

    public void Call(uint function) => Use();

    public void CallIndirect(uint type, uint table) => Use();

    public void ReturnCall(uint function) => Use();

    public void ReturnCallIndirect(uint type, uint table) => Use();

    public void Drop() => Use();

    public void Select(ValueType type) => Use();

    public void LocalGet(uint local)
    {
        Use();

        if (local == Selector && !_isWritten)
            _isPending = true;
    }

    public void LocalSet(uint local)
    {
        Use();
        _isWritten |= local == Selector;
    }

    public void LocalTee(uint local) => LocalSet(local);

    public void GlobalGet(uint global) => Use();

    public void GlobalSet(uint global) => Use();

    public void Const(ValueType type, ulong bits) => Use();

    public void RefNull(ValueType type) => Use();

    public void RefIsNull() => Use();

    public void RefFunc(uint function) => Use();

    public void Load(Opcode opcode, uint offset) => Use();

    public void Store(Opcode opcode, uint offset) => Use();

    public void Numeric(Opcode opcode) => Use();

    public void MemorySize() => Use();

    public void MemoryGrow() => Use();

    public void MemoryInit(uint segment) => Use();

    public void DataDrop(uint segment) => Use();

    public void MemoryCopy() => Use();

    public void MemoryFill() => Use();

    public void TableGet(uint table) => Use();

    public void TableSet(uint table) => Use();

    public void TableSize(uint table) => Use();

    public void TableGrow(uint table) => Use();

    public void TableFill(uint table) => Use();

    public void TableCopy(uint destination, uint source) => Use();

    public void TableInit(uint table, uint segment) => Use();

    public void ElemDrop(uint segment) => Use();

    /// <summary>A read that no <c>br_table</c> followed at once was some other use.</summary>
    private void Use()
    {
        _isOther |= _isPending;
        _isPending = false;
    }

    private void Enter(bool isLoop)
    {
        _isLoop.Add(isLoop);
        StartBlock();
    }

    private void StartBlock()
    {
        Use();
        _isWritten = false;
    }

    private void Branch(uint depth)
    {
        Use();
        _isOther |= _isLoop[_isLoop.Count - 1 - (int)depth] && !_isWritten;
    }
}
