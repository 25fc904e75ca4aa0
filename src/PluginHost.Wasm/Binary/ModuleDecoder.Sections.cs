using System.Collections.Immutable;
using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Validation;

namespace PluginHost.Wasm.Binary;

/// <summary>One method for each section.</summary>
internal ref partial struct ModuleDecoder
{
    private void ReadCustomSection()
    {
        if (_customSections.Count >= _limits.CustomSections)
            throw new MalformedModuleException($"more custom sections than the limit of {_limits.CustomSections} (CustomSections)", _reader.Offset);

        var name = _reader.ReadName(_limits.NameBytes);
        _customSections.Add(new CustomSection(name, _reader.Offset, _reader.Remaining));
    }

    private void ReadTypes()
    {
        var count = _reader.ReadCount(_limits.Types, nameof(ModuleLimits.Types), 3);

        for (var i = 0; i < count; i++)
        {
            var at = _reader.Offset;

            if (_reader.ReadByte() != 0x60)
                throw new MalformedModuleException("malformed function type: integer representation too long or an unknown form", at);

            var parameters = ReadValueTypes(_limits.Parameters, nameof(ModuleLimits.Parameters));
            var results = ReadValueTypes(_limits.Results, nameof(ModuleLimits.Results));
            _types.Add(new FunctionType(parameters, results));
        }
    }

    private ImmutableArray<ValueType> ReadValueTypes(int maximum, string limit)
    {
        var count = _reader.ReadCount(maximum, limit);
        var types = ImmutableArray.CreateBuilder<ValueType>(count);

        for (var i = 0; i < count; i++)
            types.Add(_reader.ReadValueType());

        return types.MoveToImmutable();
    }

    private void ReadImports()
    {
        var count = _reader.ReadCount(_limits.Imports, nameof(ModuleLimits.Imports), 4);

        for (var i = 0; i < count; i++)
        {
            var module = _reader.ReadName(_limits.NameBytes);
            var name = _reader.ReadName(_limits.NameBytes);
            var at = _reader.Offset;

            _imports.Add((ExternalKind)_reader.ReadByte() switch
            {
                ExternalKind.Function => new Import(module, name, ExternalKind.Function, TypeIndex: ReadTypeIndex()),
                ExternalKind.Table => new Import(module, name, ExternalKind.Table, Table: ReadTableType()),
                ExternalKind.Memory => new Import(module, name, ExternalKind.Memory, Memory: ReadMemoryType()),
                ExternalKind.Global => new Import(module, name, ExternalKind.Global, Global: ReadGlobalType()),
                _ => throw new MalformedModuleException("malformed import kind", at),
            });
        }
    }

    private void ReadFunctions()
    {
        var count = _reader.ReadCount(_limits.Functions, nameof(ModuleLimits.Functions));
        _functions.EnsureCapacity(count);
        _offsets.Functions.EnsureCapacity(_offsets.Functions.Count + count);

        for (var i = 0; i < count; i++)
            _functions.Add(ReadTypeIndex());
    }

    private void ReadTables()
    {
        var count = _reader.ReadCount(_limits.Tables, nameof(ModuleLimits.Tables), 3);

        for (var i = 0; i < count; i++)
            _tables.Add(ReadTableType());
    }

    private void ReadMemories()
    {
        var count = _reader.ReadCount(_limits.Imports, nameof(ModuleLimits.Imports), 2);

        for (var i = 0; i < count; i++)
            _memories.Add(ReadMemoryType());
    }

    private void ReadGlobals()
    {
        var count = _reader.ReadCount(_limits.Globals, nameof(ModuleLimits.Globals), 3);

        for (var i = 0; i < count; i++)
            _globals.Add(new GlobalDefinition(ReadGlobalType(), ReadExpression()));
    }

    private void ReadExports()
    {
        var count = _reader.ReadCount(_limits.Exports, nameof(ModuleLimits.Exports), 3);

        for (var i = 0; i < count; i++)
        {
            _offsets.Exports.Add(_reader.Offset);
            var name = _reader.ReadName(_limits.NameBytes);
            var at = _reader.Offset;
            var kind = (ExternalKind)_reader.ReadByte();

            if (kind > ExternalKind.Global)
                throw new MalformedModuleException("malformed export kind", at);

            _exports.Add(new Export(name, kind, _reader.ReadU32()));
        }
    }

    /// <summary>The flags of an element segment (spec 5.5.12): bit 0 not active, bit 1 explicit table or declarative, bit 2 expressions.</summary>
    private void ReadElements()
    {
        var count = _reader.ReadCount(_limits.ElementSegments, nameof(ModuleLimits.ElementSegments), 2);
        _elements = new ElementSegment[count];

        for (var i = 0; i < count; i++)
        {
            var at = _reader.Offset;
            var flags = _reader.ReadU32();

            if (flags > 7)
                throw new MalformedModuleException("malformed elements segment kind", at);

            var mode = (flags & 1) == 0 ? SegmentMode.Active : (flags & 2) == 0 ? SegmentMode.Passive : SegmentMode.Declarative;
            var table = mode == SegmentMode.Active && (flags & 2) != 0 ? _reader.ReadU32() : 0;
            var offset = mode == SegmentMode.Active ? ReadExpression() : default;
            var hasExpressions = (flags & 4) != 0;
            var type = ValueType.FuncRef;

            if ((flags & 3) != 0)
            {
                if (hasExpressions)
                    type = _reader.ReadReferenceType();
                else if (_reader.ReadByte() != 0)
                    throw new MalformedModuleException("malformed element kind", _reader.Offset - 1);
            }

            var length = _reader.ReadCount((int)Math.Min(_limits.TableElements, int.MaxValue), nameof(ModuleLimits.TableElements));

            if (hasExpressions)
            {
                var expressions = new ConstantExpression[length];

                for (var k = 0; k < length; k++)
                    expressions[k] = ReadExpression();

                _elements[i] = new ElementSegment(at, mode, type, table, offset, null, expressions);
            }
            else
            {
                var functions = new uint[length];

                for (var k = 0; k < length; k++)
                    functions[k] = _reader.ReadU32();

                _elements[i] = new ElementSegment(at, mode, type, table, offset, functions, null);
            }
        }
    }

    private void ReadCode()
    {
        var count = _reader.ReadCount(_limits.Functions, nameof(ModuleLimits.Functions), 2);
        _bodies = new FunctionBody[count];

        for (var i = 0; i < count; i++)
        {
            var at = _reader.Offset;
            var size = _reader.ReadU32();

            if (size > (uint)_limits.FunctionBodyBytes)
                throw new MalformedModuleException($"a function of {size} bytes is larger than the limit of {_limits.FunctionBodyBytes} (FunctionBodyBytes)", at);

            _bodies[i] = new FunctionBody(_reader.Offset, (int)size);
            _reader.Skip(size);
        }
    }

    private void ReadData()
    {
        var count = _reader.ReadCount(_limits.DataSegments, nameof(ModuleLimits.DataSegments), 2);
        _data = new DataSegment[count];

        for (var i = 0; i < count; i++)
        {
            var at = _reader.Offset;
            var flags = _reader.ReadU32();

            if (flags > 2)
                throw new MalformedModuleException("malformed data segment kind", at);

            if (flags == 2 && _reader.ReadU32() != 0)
                throw new InvalidModuleException("unknown memory", at);

            var offset = flags == 1 ? default : ReadExpression();
            var length = _reader.ReadU32();
            _data[i] = new DataSegment(flags == 1 ? SegmentMode.Passive : SegmentMode.Active, offset, _reader.Offset, (int)Math.Min(length, int.MaxValue));
            _reader.Skip(length);
        }
    }

    private uint ReadTypeIndex()
    {
        _offsets.Functions.Add(_reader.Offset);
        return _reader.ReadU32();
    }

    private TableType ReadTableType()
    {
        _offsets.Tables.Add(_reader.Offset);
        return new TableType(_reader.ReadReferenceType(), ReadLimits());
    }

    private MemoryType ReadMemoryType()
    {
        _offsets.Memories.Add(_reader.Offset);
        return new MemoryType(ReadLimits());
    }

    private GlobalType ReadGlobalType()
    {
        var type = _reader.ReadValueType();
        var at = _reader.Offset;

        return _reader.ReadByte() switch
        {
            0 => new GlobalType(type, false),
            1 => new GlobalType(type, true),
            _ => throw new MalformedModuleException("malformed mutability", at),
        };
    }

    private Limits ReadLimits()
    {
        var at = _reader.Offset;

        return _reader.ReadByte() switch
        {
            0 => new Limits(_reader.ReadU32(), null),
            1 => new Limits(_reader.ReadU32(), _reader.ReadU32()),
            _ => throw new MalformedModuleException("malformed limits flags: integer too large", at),
        };
    }

    /// <summary>Finds the end of a constant expression. Instructions that none can contain are refused here, as their immediates are not known.</summary>
    private ConstantExpression ReadExpression()
    {
        var start = _reader.Offset;

        while (true)
        {
            var at = _reader.Offset;
            var opcode = (Opcode)_reader.ReadByte();

            switch (opcode)
            {
                case Opcode.End:
                    return new ConstantExpression(start, _reader.Offset - start);
                case Opcode.I32Const:
                    _reader.ReadS32();
                    break;
                case Opcode.I64Const:
                    _reader.ReadS64();
                    break;
                case Opcode.F32Const:
                    _reader.Skip(4);
                    break;
                case Opcode.F64Const:
                    _reader.Skip(8);
                    break;
                case Opcode.RefNull:
                    _reader.ReadReferenceType();
                    break;
                case Opcode.GlobalGet or Opcode.RefFunc:
                    _reader.ReadU32();
                    break;
                case Opcode.I32Add or Opcode.I32Sub or Opcode.I32Mul or Opcode.I64Add or Opcode.I64Sub or Opcode.I64Mul:
                    break;
                default:
                    if (Opcodes.Find(opcode) is null && (byte)opcode < 0xFC)
                        throw new MalformedModuleException($"illegal opcode 0x{(byte)opcode:x2}", at);

                    throw new InvalidModuleException($"constant expression required, found {Opcodes.Mnemonic(opcode)}", at);
            }
        }
    }
}
