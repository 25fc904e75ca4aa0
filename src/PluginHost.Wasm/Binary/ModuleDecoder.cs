using System.Collections.Immutable;
using PluginHost.Wasm.Modules;

namespace PluginHost.Wasm.Binary;

/// <summary>
/// Decodes the binary format (spec 5.5) into a <see cref="WasmModule"/>, without looking into function bodies. What it reads is well-formed afterwards, and
/// for <see cref="Validation.ModuleValidator"/> to find valid.
/// </summary>
internal ref partial struct ModuleDecoder
{
    private const uint Magic = 0x6D73_6100;
    private const uint Version = 1;
    private const uint ComponentVersion = 0x0001_000D;

    private readonly byte[] _bytes;
    private readonly ModuleLimits _limits;
    private ByteReader _reader;
    private readonly ImmutableArray<FunctionType>.Builder _types = ImmutableArray.CreateBuilder<FunctionType>();
    private readonly ImmutableArray<Import>.Builder _imports = ImmutableArray.CreateBuilder<Import>();
    private readonly ImmutableArray<Export>.Builder _exports = ImmutableArray.CreateBuilder<Export>();
    private readonly ImmutableArray<CustomSection>.Builder _customSections = ImmutableArray.CreateBuilder<CustomSection>();
    private readonly ItemOffsets _offsets = new();
    private readonly List<uint> _functions = [];
    private readonly List<TableType> _tables = [];
    private readonly List<MemoryType> _memories = [];
    private readonly List<GlobalDefinition> _globals = [];
    private ElementSegment[] _elements = [];
    private DataSegment[] _data = [];
    private FunctionBody[] _bodies = [];
    private uint? _start;
    private uint? _dataCount;

    private ModuleDecoder(byte[] bytes, ModuleLimits limits)
    {
        _bytes = bytes;
        _limits = limits;
        _reader = new ByteReader(bytes, 0, bytes.Length);
    }

    /// <exception cref="MalformedModuleException">The bytes are not a module, or exceed a limit.</exception>
    public static WasmModule Decode(byte[] bytes, ModuleLimits limits)
    {
        if (bytes.Length > limits.ModuleBytes)
            throw new MalformedModuleException($"a module of {bytes.Length} bytes is larger than the limit of {limits.ModuleBytes} (ModuleBytes)", 0);

        var decoder = new ModuleDecoder(bytes, limits);
        decoder.ReadPreamble();
        decoder.ReadSections();
        return decoder.Build();
    }

    private void ReadPreamble()
    {
        if (_reader.Remaining < 4 || _reader.ReadFixed32() != Magic)
            throw new MalformedModuleException("magic header not detected", 0);

        if (_reader.Remaining < 4)
            throw new MalformedModuleException("unexpected end: the version is missing", 4);

        var version = _reader.ReadFixed32();

        if (version == ComponentVersion)
            throw new MalformedModuleException("unknown binary version: this is a component, not a module", 4);

        if (version != Version)
            throw new MalformedModuleException($"unknown binary version {version}", 4);
    }

    private void ReadSections()
    {
        var last = 0;

        while (!_reader.IsAtEnd)
        {
            var at = _reader.Offset;
            var id = _reader.ReadByte();
            var size = _reader.ReadU32();

            if (size > (uint)_reader.Remaining)
                throw new MalformedModuleException($"unexpected end: section {id} of {size} bytes reaches beyond the module's end", at);

            var start = _reader.Offset;
            var outer = _reader;
            outer.Skip(size);
            _reader = new ByteReader(_bytes, start, start + (int)size);

            if (id == 0)
            {
                ReadCustomSection();
            }
            else
            {
                var order = Order(id, at);

                if (order <= last)
                    throw new MalformedModuleException($"unexpected content after last section: section {id} is repeated or out of order", at);

                last = order;
                ReadSection(id);

                if (!_reader.IsAtEnd)
                    throw new MalformedModuleException($"section size mismatch: section {id} is longer than its content", _reader.Offset);
            }

            _reader = outer;
        }
    }

    /// <summary>The place of a section in the module: the data count section stands before the code (spec 5.5.16).</summary>
    private static int Order(byte id, int at) => id switch
    {
        >= 1 and <= 9 => id,
        12 => 10,
        10 => 11,
        11 => 12,
        _ => throw new MalformedModuleException($"malformed section id {id}", at),
    };

    private void ReadSection(byte id)
    {
        switch (id)
        {
            case 1:
                ReadTypes();
                break;
            case 2:
                ReadImports();
                break;
            case 3:
                ReadFunctions();
                break;
            case 4:
                ReadTables();
                break;
            case 5:
                ReadMemories();
                break;
            case 6:
                ReadGlobals();
                break;
            case 7:
                ReadExports();
                break;
            case 8:
                _offsets.Start = _reader.Offset;
                _start = _reader.ReadU32();
                break;
            case 9:
                ReadElements();
                break;
            case 10:
                ReadCode();
                break;
            case 11:
                ReadData();
                break;
            default:
                _dataCount = _reader.ReadU32();
                break;
        }
    }

    private WasmModule Build()
    {
        if (_functions.Count != _bodies.Length)
            throw new MalformedModuleException($"function and code section have inconsistent lengths: {_functions.Count} and {_bodies.Length}", _bytes.Length);

        if (_dataCount is { } count && count != (uint)_data.Length)
            throw new MalformedModuleException($"data count and data section have inconsistent lengths: {count} and {_data.Length}", _bytes.Length);

        var imports = _imports.ToImmutable();
        var importedFunctions = imports.Where(import => import.Kind == ExternalKind.Function).Select(import => import.TypeIndex).ToArray();
        var importedTables = imports.Where(import => import.Kind == ExternalKind.Table).Select(import => import.Table!).ToArray();
        var importedMemories = imports.Where(import => import.Kind == ExternalKind.Memory).Select(import => import.Memory!).ToArray();
        var importedGlobals = imports.Where(import => import.Kind == ExternalKind.Global).Select(import => import.Global!).ToArray();

        if (importedMemories.Length + _memories.Count > 1)
            throw new Validation.InvalidModuleException("multiple memories", _offsets.Memories[1]);

        return new WasmModule
        {
            Bytes = _bytes,
            Limits = _limits,
            Offsets = _offsets,
            Types = _types.ToImmutable(),
            Imports = imports,
            FunctionTypeIndices = [.. importedFunctions, .. _functions],
            Tables = [.. importedTables, .. _tables],
            Memory = importedMemories.Concat(_memories).FirstOrDefault(),
            Globals = [.. importedGlobals, .. _globals.Select(global => global.Type)],
            GlobalDefinitions = [.. _globals],
            Exports = _exports.ToImmutable(),
            StartFunction = _start,
            ElementSegments = _elements,
            DataSegments = _data,
            FunctionBodies = _bodies,
            CustomSections = _customSections.ToImmutable(),
            DataCount = _dataCount,
            ImportedFunctionCount = importedFunctions.Length,
            ImportedTableCount = importedTables.Length,
            ImportedGlobalCount = importedGlobals.Length,
            ImportsMemory = importedMemories.Length > 0,
        };
    }
}
