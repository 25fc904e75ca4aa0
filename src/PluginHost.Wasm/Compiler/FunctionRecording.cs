using System.Diagnostics;
using PluginHost.Wasm.Binary;
using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Validation;

namespace PluginHost.Wasm.Compiler;

/// <summary>Writes down what the validator tells of a function, so that a look at what follows can come before it is compiled.</summary>
internal sealed class FunctionRecording : IFunctionSink
{
    // Of the bytes of code an instruction takes a little more than two.
    private const int BytesAnInstruction = 2;

    private readonly List<RecordedInstruction> _instructions;
    private FunctionType _type = FunctionType.Empty;
    private ValueType[] _locals = [];
    private int _at;

    private FunctionRecording(int bytes) => _instructions = new List<RecordedInstruction>((bytes / BytesAnInstruction) + 1);

    public IReadOnlyList<RecordedInstruction> Instructions => _instructions;

    public int LocalCount => _locals.Length;

    public ReadOnlySpan<ValueType> Locals => _locals;

    /// <summary>Records a function that the module defines.</summary>
    public static FunctionRecording Of(WasmModule module, uint function)
    {
        var recording = new FunctionRecording(module.FunctionBodies[(int)function - module.ImportedFunctionCount].Length);
        FunctionValidator.Validate(module, function, ref recording);
        return recording;
    }

    /// <summary>Tells another of the function's start.</summary>
    public void Begin(IFunctionSink sink) => sink.Begin(_type, _locals);

    /// <summary>Tells another of an instruction.</summary>
    public void Replay(IFunctionSink sink, int instruction) => Replay(sink, _instructions[instruction]);

    public void Begin(FunctionType type, ReadOnlySpan<ValueType> locals)
    {
        _type = type;
        _locals = locals.ToArray();
    }

    public void At(int offset) => _at = offset;

    public void Block(FunctionType type) => Add(Opcode.Block, extra: type);

    public void Loop(FunctionType type) => Add(Opcode.Loop, extra: type);

    public void If(FunctionType type) => Add(Opcode.If, extra: type);

    public void Else(bool reachable) => Add(Opcode.Else, reachable ? 1U : 0);

    public void End(bool reachable) => Add(Opcode.End, reachable ? 1U : 0);

    public void Br(uint depth) => Add(Opcode.Br, depth);

    public void BrIf(uint depth) => Add(Opcode.BrIf, depth);

    public void BrTable(ReadOnlySpan<uint> depths) => Add(Opcode.BrTable, extra: depths.ToArray());

    public void Return() => Add(Opcode.Return);

    public void Unreachable() => Add(Opcode.Unreachable);

    public void Call(uint function) => Add(Opcode.Call, function);

    public void CallIndirect(uint type, uint table) => Add(Opcode.CallIndirect, type, table);

    public void ReturnCall(uint function) => Add(Opcode.ReturnCall, function);

    public void ReturnCallIndirect(uint type, uint table) => Add(Opcode.ReturnCallIndirect, type, table);

    public void Drop() => Add(Opcode.Drop);

    public void Select(ValueType type) => Add(Opcode.Select, (uint)type);

    public void LocalGet(uint local) => Add(Opcode.LocalGet, local);

    public void LocalSet(uint local) => Add(Opcode.LocalSet, local);

    public void LocalTee(uint local) => Add(Opcode.LocalTee, local);

    public void GlobalGet(uint global) => Add(Opcode.GlobalGet, global);

    public void GlobalSet(uint global) => Add(Opcode.GlobalSet, global);

    public void Const(ValueType type, ulong bits) => Add(type switch
    {
        ValueType.I32 => Opcode.I32Const,
        ValueType.I64 => Opcode.I64Const,
        ValueType.F32 => Opcode.F32Const,
        _ => Opcode.F64Const,
    }, bits: bits);

    public void RefNull(ValueType type) => Add(Opcode.RefNull, (uint)type);

    public void RefIsNull() => Add(Opcode.RefIsNull);

    public void RefFunc(uint function) => Add(Opcode.RefFunc, function);

    public void Load(Opcode opcode, uint offset) => Add(opcode, offset);

    public void Store(Opcode opcode, uint offset) => Add(opcode, offset);

    public void Numeric(Opcode opcode) => Add(opcode);

    public void MemorySize() => Add(Opcode.MemorySize);

    public void MemoryGrow() => Add(Opcode.MemoryGrow);

    public void MemoryInit(uint segment) => Add(Opcode.MemoryInit, segment);

    public void DataDrop(uint segment) => Add(Opcode.DataDrop, segment);

    public void MemoryCopy() => Add(Opcode.MemoryCopy);

    public void MemoryFill() => Add(Opcode.MemoryFill);

    public void TableGet(uint table) => Add(Opcode.TableGet, table);

    public void TableSet(uint table) => Add(Opcode.TableSet, table);

    public void TableSize(uint table) => Add(Opcode.TableSize, table);

    public void TableGrow(uint table) => Add(Opcode.TableGrow, table);

    public void TableFill(uint table) => Add(Opcode.TableFill, table);

    public void TableCopy(uint destination, uint source) => Add(Opcode.TableCopy, destination, source);

    public void TableInit(uint table, uint segment) => Add(Opcode.TableInit, table, segment);

    public void ElemDrop(uint segment) => Add(Opcode.ElemDrop, segment);

    private void Add(Opcode opcode, uint first = 0, ulong bits = 0, object? extra = null) => _instructions.Add(new(opcode, _at, first, bits, extra));

    private static void Replay(IFunctionSink sink, in RecordedInstruction instruction)
    {
        sink.At(instruction.At);

        if (instruction.IsLoad)
            sink.Load(instruction.Opcode, instruction.First);
        else if (instruction.IsStore)
            sink.Store(instruction.Opcode, instruction.First);
        else if (instruction.IsNumeric)
            sink.Numeric(instruction.Opcode);
        else if (instruction.Opcode < Opcode.I32Load)
            ReplayControl(sink, instruction);
        else
            ReplayOther(sink, instruction);
    }

    private static void ReplayControl(IFunctionSink sink, in RecordedInstruction instruction)
    {
        var first = instruction.First;

        switch (instruction.Opcode)
        {
            case Opcode.Block:
                sink.Block((FunctionType)instruction.Extra!);
                break;
            case Opcode.Loop:
                sink.Loop((FunctionType)instruction.Extra!);
                break;
            case Opcode.If:
                sink.If((FunctionType)instruction.Extra!);
                break;
            case Opcode.Else:
                sink.Else(first != 0);
                break;
            case Opcode.End:
                sink.End(first != 0);
                break;
            case Opcode.Br:
                sink.Br(first);
                break;
            case Opcode.BrIf:
                sink.BrIf(first);
                break;
            case Opcode.BrTable:
                sink.BrTable((uint[])instruction.Extra!);
                break;
            case Opcode.Return:
                sink.Return();
                break;
            case Opcode.Unreachable:
                sink.Unreachable();
                break;
            case Opcode.Call:
                sink.Call(first);
                break;
            case Opcode.CallIndirect:
                sink.CallIndirect(first, (uint)instruction.Bits);
                break;
            case Opcode.ReturnCall:
                sink.ReturnCall(first);
                break;
            case Opcode.ReturnCallIndirect:
                sink.ReturnCallIndirect(first, (uint)instruction.Bits);
                break;
            case Opcode.Drop:
                sink.Drop();
                break;
            case Opcode.Select:
                sink.Select((ValueType)first);
                break;
            case Opcode.LocalGet:
                sink.LocalGet(first);
                break;
            case Opcode.LocalSet:
                sink.LocalSet(first);
                break;
            case Opcode.LocalTee:
                sink.LocalTee(first);
                break;
            case Opcode.GlobalGet:
                sink.GlobalGet(first);
                break;
            case Opcode.GlobalSet:
                sink.GlobalSet(first);
                break;
            case Opcode.TableGet:
                sink.TableGet(first);
                break;
            case Opcode.TableSet:
                sink.TableSet(first);
                break;
            default:
                throw new UnreachableException();
        }
    }

    private static void ReplayOther(IFunctionSink sink, in RecordedInstruction instruction)
    {
        var first = instruction.First;

        switch (instruction.Opcode)
        {
            case Opcode.I32Const:
                sink.Const(ValueType.I32, instruction.Bits);
                break;
            case Opcode.I64Const:
                sink.Const(ValueType.I64, instruction.Bits);
                break;
            case Opcode.F32Const:
                sink.Const(ValueType.F32, instruction.Bits);
                break;
            case Opcode.F64Const:
                sink.Const(ValueType.F64, instruction.Bits);
                break;
            case Opcode.RefNull:
                sink.RefNull((ValueType)first);
                break;
            case Opcode.RefIsNull:
                sink.RefIsNull();
                break;
            case Opcode.RefFunc:
                sink.RefFunc(first);
                break;
            case Opcode.MemorySize:
                sink.MemorySize();
                break;
            case Opcode.MemoryGrow:
                sink.MemoryGrow();
                break;
            case Opcode.MemoryInit:
                sink.MemoryInit(first);
                break;
            case Opcode.DataDrop:
                sink.DataDrop(first);
                break;
            case Opcode.MemoryCopy:
                sink.MemoryCopy();
                break;
            case Opcode.MemoryFill:
                sink.MemoryFill();
                break;
            case Opcode.TableSize:
                sink.TableSize(first);
                break;
            case Opcode.TableGrow:
                sink.TableGrow(first);
                break;
            case Opcode.TableFill:
                sink.TableFill(first);
                break;
            case Opcode.TableCopy:
                sink.TableCopy(first, (uint)instruction.Bits);
                break;
            case Opcode.TableInit:
                sink.TableInit(first, (uint)instruction.Bits);
                break;
            case Opcode.ElemDrop:
                sink.ElemDrop(first);
                break;
            default:
                throw new UnreachableException();
        }
    }
}
