using PluginHost.Wasm.Binary;
using PluginHost.Wasm.Modules;

namespace PluginHost.Wasm.Validation;

/// <summary>
/// What the function validator drives while it validates a function: one call for each instruction that can be reached, in order, after the
/// instruction was found valid. Instructions that cannot be reached, and blocks that start where nothing can be reached, are validated and not reported,
/// so a sink sees a program without dead code: every depth counts reported blocks only, and the function's own frame is the outermost.
/// Implementations are structs or sealed classes behind a type parameter, so that the calls are direct.
/// </summary>
public interface IFunctionSink
{
    /// <summary>The function starts.</summary>
    /// <param name="locals">The types of parameters and locals.</param>
    void Begin(FunctionType type, ReadOnlySpan<ValueType> locals);

    /// <summary>The next call is for the instruction at this place of the module's bytes. The <c>else</c> or <c>end</c> of an arm whose end cannot be reached has no place.</summary>
    void At(int offset);

    void Block(FunctionType type);

    void Loop(FunctionType type);

    /// <summary>Takes an i32 condition.</summary>
    void If(FunctionType type);

    /// <param name="reachable">Whether the end of the first arm can be reached.</param>
    void Else(bool reachable);

    /// <summary>Ends a block, loop or if; and the function, last of all.</summary>
    /// <param name="reachable">Whether the end can be reached from the instruction before it. Branches may reach it all the same.</param>
    void End(bool reachable);

    void Br(uint depth);

    void BrIf(uint depth);

    /// <param name="depths">One for each index, then the default; valid during the call only.</param>
    void BrTable(ReadOnlySpan<uint> depths);

    void Return();

    void Unreachable();

    void Call(uint function);

    void CallIndirect(uint type, uint table);

    void ReturnCall(uint function);

    void ReturnCallIndirect(uint type, uint table);

    void Drop();

    /// <summary>Both forms of <c>select</c>: condition on top, two values of one type below.</summary>
    void Select(ValueType type);

    void LocalGet(uint local);

    void LocalSet(uint local);

    void LocalTee(uint local);

    void GlobalGet(uint global);

    void GlobalSet(uint global);

    /// <summary>A constant of a number type, as its bits: 32-bit ones zero-extended.</summary>
    void Const(ValueType type, ulong bits);

    void RefNull(ValueType type);

    void RefIsNull();

    void RefFunc(uint function);

    /// <summary>Every load: i32.load … i64.load32_u.</summary>
    void Load(Opcode opcode, uint offset);

    /// <summary>Every store: i32.store … i64.store32.</summary>
    void Store(Opcode opcode, uint offset);

    /// <summary>Every comparison, arithmetic instruction and conversion: operands and results are as the opcode table says, no immediates.</summary>
    void Numeric(Opcode opcode);

    void MemorySize();

    void MemoryGrow();

    void MemoryInit(uint segment);

    void DataDrop(uint segment);

    void MemoryCopy();

    void MemoryFill();

    void TableGet(uint table);

    void TableSet(uint table);

    void TableSize(uint table);

    void TableGrow(uint table);

    void TableFill(uint table);

    void TableCopy(uint destination, uint source);

    void TableInit(uint table, uint segment);

    void ElemDrop(uint segment);
}
