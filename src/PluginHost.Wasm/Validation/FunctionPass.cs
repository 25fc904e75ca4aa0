using System.Diagnostics.CodeAnalysis;
using PluginHost.Wasm.Binary;
using PluginHost.Wasm.Modules;

namespace PluginHost.Wasm.Validation;

/// <summary>One validation of one function.</summary>
internal ref struct FunctionPass<TSink>
    where TSink : IFunctionSink
{
    /// <summary>Stands for a value of any type, where code cannot be reached.</summary>
    private const ValueType Unknown = default;

    private readonly WasmModule _module;
    private readonly uint _function;
    private readonly ValidationStacks _stacks;
    private readonly ModuleLimits _limits;
    private readonly ref TSink _sink;
    private ByteReader _reader;
    private int _at;
    private bool _isReported;

    public FunctionPass(WasmModule module, uint function, ValidationStacks stacks, ref TSink sink)
    {
        _module = module;
        _function = function;
        _stacks = stacks;
        _limits = module.Limits;
        _sink = ref sink;
        var body = module.FunctionBodies[(int)function - module.ImportedFunctionCount];
        _reader = new ByteReader(module.Bytes, body.Offset, body.Offset + body.Length);
    }

    public void Run()
    {
        var type = _module.FunctionType(_function);
        ReadLocals(type);
        _sink.Begin(type, _stacks.Locals.AsSpan(0, _stacks.LocalCount));
        _isReported = true;
        PushFrame(BlockKind.Function, type);

        while (_stacks.FrameCount > 0)
            ReadInstruction();

        if (!_reader.IsAtEnd)
            throw new MalformedModuleException("section size mismatch: code behind the end of a function", _reader.Offset);
    }

    private void ReadLocals(FunctionType type)
    {
        foreach (var parameter in type.Parameters)
            AddLocals(1, parameter);

        var groups = _reader.ReadCount(int.MaxValue, "local groups", 2);

        for (var i = 0; i < groups; i++)
        {
            _at = _reader.Offset;
            var count = _reader.ReadU32();
            AddLocals(count, _reader.ReadValueType());
        }
    }

    private readonly void AddLocals(uint count, ValueType type)
    {
        var total = (ulong)_stacks.LocalCount + count;

        if (total > uint.MaxValue)
            throw new MalformedModuleException("too many locals", _at);

        if (total > (ulong)_limits.Locals)
            throw new MalformedModuleException($"too many locals: {total} in function {_function} are more than the limit of {_limits.Locals} (Locals)", _at);

        if ((int)total > _stacks.Locals.Length)
            Array.Resize(ref _stacks.Locals, Math.Max((int)total, _stacks.Locals.Length * 2));

        _stacks.Locals.AsSpan(_stacks.LocalCount, (int)count).Fill(type);
        _stacks.LocalCount = (int)total;
    }

    private void ReadInstruction()
    {
        _at = _reader.Offset;

        if (_isReported)
            _sink.At(_at);

        var code = _reader.ReadByte();
        var opcode = (Opcode)code;

        if (code >= 0xFC)
            opcode = ReadPrefixed(code);

        switch (opcode)
        {
            case Opcode.Unreachable:
                if (_isReported)
                    _sink.Unreachable();

                SetUnreachable();
                break;
            case Opcode.Nop:
                break;
            case Opcode.Block:
                {
                    var type = ReadBlockType();
                    PopAll(type.Parameters.AsSpan());

                    if (_isReported)
                        _sink.Block(type);

                    PushFrame(BlockKind.Block, type);
                    break;
                }

            case Opcode.Loop:
                {
                    var type = ReadBlockType();
                    PopAll(type.Parameters.AsSpan());

                    if (_isReported)
                        _sink.Loop(type);

                    PushFrame(BlockKind.Loop, type);
                    break;
                }

            case Opcode.If:
                {
                    var type = ReadBlockType();
                    Pop(ValueType.I32);
                    PopAll(type.Parameters.AsSpan());

                    if (_isReported)
                        _sink.If(type);

                    PushFrame(BlockKind.If, type);
                    break;
                }

            case Opcode.Else:
                ReadElse();
                break;
            case Opcode.End:
                ReadEnd();
                break;
            case Opcode.Br:
                {
                    var depth = ReadLabel();
                    PopAll(LabelTypes(depth));

                    if (_isReported)
                        _sink.Br(depth);

                    SetUnreachable();
                    break;
                }

            case Opcode.BrIf:
                {
                    var depth = ReadLabel();
                    Pop(ValueType.I32);
                    var types = LabelTypes(depth);
                    PopAll(types);
                    PushAll(types);

                    if (_isReported)
                        _sink.BrIf(depth);

                    break;
                }

            case Opcode.BrTable:
                ReadBrTable();
                break;
            case Opcode.Return:
                PopAll(_stacks.Frames[0].Type.Results.AsSpan());

                if (_isReported)
                    _sink.Return();

                SetUnreachable();
                break;
            case Opcode.Call:
                {
                    var function = ReadFunction();
                    var type = _module.FunctionType(function);
                    PopAll(type.Parameters.AsSpan());
                    PushAll(type.Results.AsSpan());

                    if (_isReported)
                        _sink.Call(function);

                    break;
                }

            case Opcode.CallIndirect:
                {
                    var (type, table) = ReadTypeAndTable();
                    Pop(ValueType.I32);
                    PopAll(_module.Types[(int)type].Parameters.AsSpan());
                    PushAll(_module.Types[(int)type].Results.AsSpan());

                    if (_isReported)
                        _sink.CallIndirect(type, table);

                    break;
                }

            case Opcode.ReturnCall:
                {
                    var function = ReadFunction();
                    CheckTailCall(_module.FunctionType(function));
                    PopAll(_module.FunctionType(function).Parameters.AsSpan());

                    if (_isReported)
                        _sink.ReturnCall(function);

                    SetUnreachable();
                    break;
                }

            case Opcode.ReturnCallIndirect:
                {
                    var (type, table) = ReadTypeAndTable();
                    Pop(ValueType.I32);
                    CheckTailCall(_module.Types[(int)type]);
                    PopAll(_module.Types[(int)type].Parameters.AsSpan());

                    if (_isReported)
                        _sink.ReturnCallIndirect(type, table);

                    SetUnreachable();
                    break;
                }

            case Opcode.Drop:
                PopAny();

                if (_isReported)
                    _sink.Drop();

                break;
            case Opcode.Select:
                ReadSelect();
                break;
            case Opcode.SelectTyped:
                {
                    if (_reader.ReadU32() != 1)
                        Throw("invalid result arity: a select takes one type");

                    var type = _reader.ReadValueType();
                    Pop(ValueType.I32);
                    Pop(type);
                    Pop(type);
                    Push(type);

                    if (_isReported)
                        _sink.Select(type);

                    break;
                }

            case Opcode.LocalGet:
                {
                    var local = ReadLocal();
                    Push(_stacks.Locals[local]);

                    if (_isReported)
                        _sink.LocalGet(local);

                    break;
                }

            case Opcode.LocalSet:
                {
                    var local = ReadLocal();
                    Pop(_stacks.Locals[local]);

                    if (_isReported)
                        _sink.LocalSet(local);

                    break;
                }

            case Opcode.LocalTee:
                {
                    var local = ReadLocal();
                    Pop(_stacks.Locals[local]);
                    Push(_stacks.Locals[local]);

                    if (_isReported)
                        _sink.LocalTee(local);

                    break;
                }

            case Opcode.GlobalGet:
                {
                    var global = ReadGlobal();
                    Push(_module.Globals[(int)global].ValueType);

                    if (_isReported)
                        _sink.GlobalGet(global);

                    break;
                }

            case Opcode.GlobalSet:
                {
                    var global = ReadGlobal();

                    if (!_module.Globals[(int)global].IsMutable)
                        Throw("global is immutable");

                    Pop(_module.Globals[(int)global].ValueType);

                    if (_isReported)
                        _sink.GlobalSet(global);

                    break;
                }

            case Opcode.I32Const:
                Const(ValueType.I32, (uint)_reader.ReadS32());
                break;
            case Opcode.I64Const:
                Const(ValueType.I64, (ulong)_reader.ReadS64());
                break;
            case Opcode.F32Const:
                Const(ValueType.F32, _reader.ReadFixed32());
                break;
            case Opcode.F64Const:
                Const(ValueType.F64, _reader.ReadFixed64());
                break;
            default:
                if (opcode is >= Opcode.I32Load and <= Opcode.I64Store32)
                    ReadMemoryAccess(opcode);
                else if (opcode is >= Opcode.I32Eqz and <= Opcode.I64Extend32S or >= Opcode.I32TruncSatF32S and <= Opcode.I64TruncSatF64U)
                    ReadNumeric(opcode);
                else
                    ReadRare(opcode);

                break;
        }
    }

    private Opcode ReadPrefixed(byte prefix)
    {
        var index = _reader.ReadU32();

        if (prefix == 0xFD)
            Throw("vector instructions are not supported");

        if (prefix != 0xFC || index > 0xFF)
            throw new MalformedModuleException($"illegal opcode 0x{prefix:x2} {index}", _at);

        return (Opcode)(0xFC00 + index);
    }

    private void ReadElse()
    {
        ref var frame = ref _stacks.Frames[_stacks.FrameCount - 1];

        if (frame.Kind != BlockKind.If)
            Throw("else without if");

        var (type, isReported, reachable) = (frame.Type, frame.IsReported, !frame.IsUnreachable);
        CloseFrame();

        if (isReported)
            _sink.Else(reachable);

        _isReported = isReported;
        PushFrame(BlockKind.Else, type);
    }

    private void ReadEnd()
    {
        var frame = _stacks.Frames[_stacks.FrameCount - 1];

        if (frame.Kind == BlockKind.If && !frame.Type.Parameters.AsSpan().SequenceEqual(frame.Type.Results.AsSpan()))
            Throw("type mismatch: an if without else must give back what it takes");

        CloseFrame();

        if (frame.IsReported)
            _sink.End(!frame.IsUnreachable);

        if (_stacks.FrameCount > 0)
            PushAll(frame.Type.Results.AsSpan());

        _isReported = _stacks.FrameCount > 0 && _stacks.Frames[_stacks.FrameCount - 1] is { IsReported: true, IsUnreachable: false };
    }

    private void ReadBrTable()
    {
        var count = _reader.ReadCount(_limits.BranchTargets, nameof(ModuleLimits.BranchTargets));

        if (count + 1 > _stacks.Targets.Length)
            Array.Resize(ref _stacks.Targets, count + 1);

        for (var i = 0; i <= count; i++)
            _stacks.Targets[i] = ReadLabel();

        Pop(ValueType.I32);
        var arity = LabelTypes(_stacks.Targets[count]).Length;

        for (var i = 0; i < count; i++)
        {
            var types = LabelTypes(_stacks.Targets[i]);

            if (types.Length != arity)
                Throw("type mismatch: the targets of a br_table take different numbers of values");

            if (arity > 0)
                CheckTop(types);
        }

        PopAll(LabelTypes(_stacks.Targets[count]));

        if (_isReported)
            _sink.BrTable(_stacks.Targets.AsSpan(0, count + 1));

        SetUnreachable();
    }

    private void ReadSelect()
    {
        Pop(ValueType.I32);
        var first = PopAny();
        var second = PopAny();

        if (first.IsReference() || second.IsReference())
            Throw("type mismatch: select without a type takes numbers only");

        if (first != second && first != Unknown && second != Unknown)
            Throw($"type mismatch: select between {second.Name()} and {first.Name()}");

        var type = first == Unknown ? second : first;
        Push(type);

        if (_isReported)
            _sink.Select(type);
    }

    private void ReadMemoryAccess(Opcode opcode)
    {
        var row = Opcodes.Find(opcode)!;
        RequireMemory();
        var align = _reader.ReadU32();
        var offset = _reader.ReadU32();

        if (align >= 32)
            throw new MalformedModuleException("malformed memop flags", _at);

        if (1u << (int)align > (uint)row.AccessWidth)
            Throw("alignment must not be larger than natural");

        if (row.Results.Length == 0)
        {
            Pop(row.Operands[1]);
            Pop(ValueType.I32);

            if (_isReported)
                _sink.Store(opcode, offset);
        }
        else
        {
            Pop(ValueType.I32);
            Push(row.Results[0]);

            if (_isReported)
                _sink.Load(opcode, offset);
        }
    }

    private void ReadNumeric(Opcode opcode)
    {
        var row = Opcodes.Find(opcode)!;

        for (var i = row.Operands.Length - 1; i >= 0; i--)
            Pop(row.Operands[i]);

        Push(row.Results[0]);

        if (_isReported)
            _sink.Numeric(opcode);
    }

    private void ReadRare(Opcode opcode)
    {
        switch (opcode)
        {
            case Opcode.RefNull:
                {
                    var type = _reader.ReadReferenceType();
                    Push(type);

                    if (_isReported)
                        _sink.RefNull(type);

                    break;
                }

            case Opcode.RefIsNull:
                {
                    var type = PopAny();

                    if (type != Unknown && !type.IsReference())
                        Throw($"type mismatch: ref.is_null of {type.Name()}");

                    Push(ValueType.I32);

                    if (_isReported)
                        _sink.RefIsNull();

                    break;
                }

            case Opcode.RefFunc:
                {
                    var function = ReadFunction();

                    if (!_module.IsDeclaredReference(function))
                        Throw($"undeclared function reference {function}");

                    Push(ValueType.FuncRef);

                    if (_isReported)
                        _sink.RefFunc(function);

                    break;
                }

            case Opcode.MemorySize:
                ReadMemoryIndex();
                Push(ValueType.I32);

                if (_isReported)
                    _sink.MemorySize();

                break;
            case Opcode.MemoryGrow:
                ReadMemoryIndex();
                Pop(ValueType.I32);
                Push(ValueType.I32);

                if (_isReported)
                    _sink.MemoryGrow();

                break;
            case Opcode.MemoryInit:
                {
                    var segment = ReadDataSegment();
                    ReadMemoryIndex();
                    PopThree();

                    if (_isReported)
                        _sink.MemoryInit(segment);

                    break;
                }

            case Opcode.DataDrop:
                {
                    var segment = ReadDataSegment();

                    if (_isReported)
                        _sink.DataDrop(segment);

                    break;
                }

            case Opcode.MemoryCopy:
                ReadMemoryIndex();
                ReadMemoryIndex();
                PopThree();

                if (_isReported)
                    _sink.MemoryCopy();

                break;
            case Opcode.MemoryFill:
                ReadMemoryIndex();
                PopThree();

                if (_isReported)
                    _sink.MemoryFill();

                break;
            case Opcode.TableGet:
                {
                    var table = ReadTable();
                    Pop(ValueType.I32);
                    Push(_module.Tables[(int)table].ElementType);

                    if (_isReported)
                        _sink.TableGet(table);

                    break;
                }

            case Opcode.TableSet:
                {
                    var table = ReadTable();
                    Pop(_module.Tables[(int)table].ElementType);
                    Pop(ValueType.I32);

                    if (_isReported)
                        _sink.TableSet(table);

                    break;
                }

            case Opcode.TableSize:
                {
                    var table = ReadTable();
                    Push(ValueType.I32);

                    if (_isReported)
                        _sink.TableSize(table);

                    break;
                }

            case Opcode.TableGrow:
                {
                    var table = ReadTable();
                    Pop(ValueType.I32);
                    Pop(_module.Tables[(int)table].ElementType);
                    Push(ValueType.I32);

                    if (_isReported)
                        _sink.TableGrow(table);

                    break;
                }

            case Opcode.TableFill:
                {
                    var table = ReadTable();
                    Pop(ValueType.I32);
                    Pop(_module.Tables[(int)table].ElementType);
                    Pop(ValueType.I32);

                    if (_isReported)
                        _sink.TableFill(table);

                    break;
                }

            case Opcode.TableCopy:
                {
                    var destination = ReadTable();
                    var source = ReadTable();

                    if (_module.Tables[(int)destination].ElementType != _module.Tables[(int)source].ElementType)
                        Throw("type mismatch: table.copy between tables of different types");

                    PopThree();

                    if (_isReported)
                        _sink.TableCopy(destination, source);

                    break;
                }

            case Opcode.TableInit:
                {
                    var segment = ReadElementSegment();
                    var table = ReadTable();

                    if (_module.Tables[(int)table].ElementType != _module.ElementSegments[segment].ElementType)
                        Throw("type mismatch: table.init from a segment of another type");

                    PopThree();

                    if (_isReported)
                        _sink.TableInit(table, segment);

                    break;
                }

            case Opcode.ElemDrop:
                {
                    var segment = ReadElementSegment();

                    if (_isReported)
                        _sink.ElemDrop(segment);

                    break;
                }

            default:
                throw new MalformedModuleException($"illegal opcode 0x{(int)opcode:x2}", _at);
        }
    }

    private void Const(ValueType type, ulong bits)
    {
        Push(type);

        if (_isReported)
            _sink.Const(type, bits);
    }

    private void PopThree()
    {
        Pop(ValueType.I32);
        Pop(ValueType.I32);
        Pop(ValueType.I32);
    }

    private FunctionType ReadBlockType()
    {
        switch (_reader.PeekByte())
        {
            case 0x40:
                _reader.ReadByte();
                return FunctionType.Empty;
            case >= 0x40 and <= 0x7F:
                return FunctionType.OfResult(_reader.ReadValueType());
            default:
                var index = _reader.ReadS33();

                if (index < 0)
                    throw new MalformedModuleException("malformed block type", _at);

                if (index >= _module.Types.Length)
                    Throw($"unknown type {index}");

                return _module.Types[(int)index];
        }
    }

    private uint ReadLabel()
    {
        var depth = _reader.ReadU32();

        if (depth >= (uint)_stacks.FrameCount)
            Throw($"unknown label {depth}");

        return depth;
    }

    private uint ReadFunction()
    {
        var function = _reader.ReadU32();

        if (function >= (uint)_module.FunctionTypeIndices.Length)
            Throw($"unknown function {function}");

        return function;
    }

    private (uint Type, uint Table) ReadTypeAndTable()
    {
        var type = _reader.ReadU32();
        var table = ReadTable();

        if (_module.Tables[(int)table].ElementType != ValueType.FuncRef)
            Throw("type mismatch: call_indirect through a table that does not hold functions");

        if (type >= (uint)_module.Types.Length)
            Throw($"unknown type {type}");

        return (type, table);
    }

    private uint ReadLocal()
    {
        var local = _reader.ReadU32();

        if (local >= (uint)_stacks.LocalCount)
            Throw($"unknown local {local}");

        return local;
    }

    private uint ReadGlobal()
    {
        var global = _reader.ReadU32();

        if (global >= (uint)_module.Globals.Length)
            Throw($"unknown global {global}");

        return global;
    }

    private uint ReadTable()
    {
        var table = _reader.ReadU32();

        if (table >= (uint)_module.Tables.Length)
            Throw($"unknown table {table}");

        return table;
    }

    private uint ReadElementSegment()
    {
        var segment = _reader.ReadU32();

        if (segment >= (uint)_module.ElementSegments.Length)
            Throw($"unknown elem segment {segment}");

        return segment;
    }

    private uint ReadDataSegment()
    {
        var segment = _reader.ReadU32();

        if (segment >= (uint)_module.DataSegments.Length)
            Throw($"unknown data segment {segment}");

        if (_module.DataCount is null)
            throw new MalformedModuleException("data count section required", _at);

        return segment;
    }

    private void ReadMemoryIndex()
    {
        if (_reader.ReadByte() != 0)
            throw new MalformedModuleException("zero byte expected", _at);

        RequireMemory();
    }

    private readonly void RequireMemory()
    {
        if (_module.Memory is null)
            Throw("unknown memory 0");
    }

    private readonly void CheckTailCall(FunctionType callee)
    {
        if (!callee.Results.AsSpan().SequenceEqual(_stacks.Frames[0].Type.Results.AsSpan()))
            Throw("type mismatch: a tail call to a function with other results");
    }

    private readonly ReadOnlySpan<ValueType> LabelTypes(uint depth)
    {
        ref readonly var frame = ref _stacks.Frames[_stacks.FrameCount - 1 - (int)depth];
        return frame.Kind == BlockKind.Loop ? frame.Type.Parameters.AsSpan() : frame.Type.Results.AsSpan();
    }

    private readonly void Push(ValueType type)
    {
        if (_stacks.OperandCount == _stacks.Operands.Length || _stacks.OperandCount >= _limits.OperandStack)
            GrowOperands();

        _stacks.Operands[_stacks.OperandCount++] = type;
    }

    private readonly void GrowOperands()
    {
        if (_stacks.OperandCount >= _limits.OperandStack)
            throw new MalformedModuleException($"more values on the operand stack than the limit of {_limits.OperandStack} (OperandStack)", _at);

        Array.Resize(ref _stacks.Operands, _stacks.OperandCount * 2);
    }

    // A call may take and give a thousand values for two bytes of code: values of many types are compared and copied as one.
    private readonly void PushAll(ReadOnlySpan<ValueType> types)
    {
        var end = _stacks.OperandCount + types.Length;

        if (end <= _stacks.Operands.Length && end <= _limits.OperandStack)
        {
            types.CopyTo(_stacks.Operands.AsSpan(_stacks.OperandCount));
            _stacks.OperandCount = end;
            return;
        }

        foreach (var type in types)
            Push(type);
    }

    private readonly void Pop(ValueType expected)
    {
        var actual = PopAny();

        if (actual != expected && actual != Unknown)
            ThrowMismatch(expected, actual);
    }

    private readonly ValueType PopAny()
    {
        ref readonly var frame = ref _stacks.Frames[_stacks.FrameCount - 1];

        if (_stacks.OperandCount == frame.Height)
        {
            if (!frame.IsUnreachable)
                Throw("type mismatch: a value is missing on the operand stack");

            return Unknown;
        }

        return _stacks.Operands[--_stacks.OperandCount];
    }

    private readonly void PopAll(ReadOnlySpan<ValueType> types)
    {
        if (types.IsEmpty)
            return;

        if (AreOnTop(types))
        {
            _stacks.OperandCount -= Math.Min(types.Length, _stacks.OperandCount - _stacks.Frames[_stacks.FrameCount - 1].Height);
            return;
        }

        for (var i = types.Length - 1; i >= 0; i--)
            Pop(types[i]);
    }

    /// <summary>Whether the types are on top; in code that cannot be reached, as many of them as the block has values.</summary>
    private readonly bool AreOnTop(ReadOnlySpan<ValueType> types)
    {
        ref readonly var frame = ref _stacks.Frames[_stacks.FrameCount - 1];
        var count = Math.Min(types.Length, _stacks.OperandCount - frame.Height);

        return (count == types.Length || frame.IsUnreachable)
            && _stacks.Operands.AsSpan(_stacks.OperandCount - count, count).SequenceEqual(types[^count..]);
    }

    /// <summary>Checks the types on top without taking them: in code that cannot be reached they stay what they are, unknown ones included.</summary>
    private readonly void CheckTop(ReadOnlySpan<ValueType> types)
    {
        if (AreOnTop(types))
            return;

        ref readonly var frame = ref _stacks.Frames[_stacks.FrameCount - 1];

        for (var i = 0; i < types.Length; i++)
        {
            var at = _stacks.OperandCount - types.Length + i;

            if (at < frame.Height)
            {
                if (!frame.IsUnreachable)
                    Throw("type mismatch: a value is missing on the operand stack");
            }
            else if (_stacks.Operands[at] != types[i] && _stacks.Operands[at] != Unknown)
            {
                ThrowMismatch(types[i], _stacks.Operands[at]);
            }
        }
    }

    private void PushFrame(BlockKind kind, FunctionType type)
    {
        if (_stacks.FrameCount >= _limits.BlockNesting)
            throw new MalformedModuleException($"blocks are nested deeper than the limit of {_limits.BlockNesting} (BlockNesting)", _at);

        if (_stacks.FrameCount == _stacks.Frames.Length)
            Array.Resize(ref _stacks.Frames, _stacks.FrameCount * 2);

        _stacks.Frames[_stacks.FrameCount++] = new BlockFrame { Kind = kind, Type = type, Height = _stacks.OperandCount, IsReported = _isReported };

        if (kind != BlockKind.Function)
            PushAll(type.Parameters.AsSpan());
    }

    private readonly void CloseFrame()
    {
        ref readonly var frame = ref _stacks.Frames[_stacks.FrameCount - 1];
        PopAll(frame.Type.Results.AsSpan());

        if (_stacks.OperandCount != frame.Height)
            Throw("type mismatch: values remain on the operand stack at the end of a block");

        _stacks.FrameCount--;
    }

    private void SetUnreachable()
    {
        ref var frame = ref _stacks.Frames[_stacks.FrameCount - 1];
        _stacks.OperandCount = frame.Height;
        frame.IsUnreachable = true;
        _isReported = false;
    }

    [DoesNotReturn]
    private readonly void ThrowMismatch(ValueType expected, ValueType actual) => Throw($"type mismatch: expected {expected.Name()}, found {actual.Name()}");

    [DoesNotReturn]
    private readonly void Throw(string reason) => throw new InvalidModuleException(reason, _at, _function, _module.FunctionName(_function));
}
