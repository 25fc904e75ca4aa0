using System.Collections.Immutable;

namespace PluginHost.Wasm.Modules;

/// <summary>
/// A decoded and validated module (spec 2.5): immutable, and shared by all its instances. Index spaces are the specification's: imports first.
/// </summary>
public sealed class WasmModule
{
    private readonly Lazy<DataImage> _dataImage;
    private readonly Lazy<GoBuildInfo?> _goBuildInfo;

    public WasmModule()
    {
        _dataImage = new(() => DataImage.Create(this));
        _goBuildInfo = new(() => GoBuildInfo.Read(this));
    }

    /// <summary>The module's bytes, which functions, segments and expressions point into.</summary>
    public required byte[] Bytes { get; init; }

    public required ImmutableArray<FunctionType> Types { get; init; }

    public required ImmutableArray<Import> Imports { get; init; }

    /// <summary>The type index of every function, imported ones first.</summary>
    public required uint[] FunctionTypeIndices { get; init; }

    /// <summary>Every table's type, imported ones first.</summary>
    public required ImmutableArray<TableType> Tables { get; init; }

    /// <summary>The memory, imported or defined; null where there is none. WebAssembly 2.0 allows one.</summary>
    public required MemoryType? Memory { get; init; }

    /// <summary>Every global's type, imported ones first.</summary>
    public required ImmutableArray<GlobalType> Globals { get; init; }

    /// <summary>The globals that the module defines: behind the imported ones in the index space.</summary>
    public required ImmutableArray<GlobalDefinition> GlobalDefinitions { get; init; }

    public required ImmutableArray<Export> Exports { get; init; }

    /// <summary>The function that instantiation runs, where there is one.</summary>
    public required uint? StartFunction { get; init; }

    public required ElementSegment[] ElementSegments { get; init; }

    public required DataSegment[] DataSegments { get; init; }

    /// <summary>The bodies of the functions that the module defines: behind the imported ones in the index space.</summary>
    public required FunctionBody[] FunctionBodies { get; init; }

    public required ImmutableArray<CustomSection> CustomSections { get; init; }

    /// <summary>The limits under which the module was accepted.</summary>
    public required ModuleLimits Limits { get; init; }

    /// <summary>What the data count section says; null where there is none (spec 5.5.16).</summary>
    public required uint? DataCount { get; init; }

    public required int ImportedFunctionCount { get; init; }

    public required int ImportedTableCount { get; init; }

    public required int ImportedGlobalCount { get; init; }

    public required bool ImportsMemory { get; init; }

    /// <summary>The names of functions, for people.</summary>
    public NameSection Names => field ??= NameSection.Read(this);

    /// <summary>The languages and tools that the module was made with.</summary>
    public ProducersSection Producers => field ??= ProducersSection.Read(this);

    /// <summary>What the active data segments make of a memory: made once, and shared by all instances.</summary>
    public DataImage DataImage => _dataImage.Value;

    /// <summary>What Go's linker says of the program; null where it was not linked by Go.</summary>
    public GoBuildInfo? GoBuildInfo => _goBuildInfo.Value;

    internal ItemOffsets Offsets { get; init; } = new();

    /// <summary>The functions that occur outside of bodies: <c>ref.func</c> may name these only (spec 3.4.10).</summary>
    internal bool[]? DeclaredReferences { get; set; }

    /// <summary>Decodes and validates a module. The bytes are kept, not copied.</summary>
    /// <param name="validateBodies">False for bytes that have been found valid before, under limits no wider: functions are then validated when they are first called.</param>
    /// <exception cref="Binary.MalformedModuleException">The bytes are not a module of the binary format, or exceed a limit.</exception>
    /// <exception cref="Validation.InvalidModuleException">The module is not valid.</exception>
    public static WasmModule Load(byte[] bytes, ModuleLimits? limits = null, bool validateBodies = true)
    {
        var module = Binary.ModuleDecoder.Decode(bytes, limits ?? ModuleLimits.Default);
        Validation.ModuleValidator.Validate(module, validateBodies);
        return module;
    }

    /// <summary>Validates the functions of a module that was loaded without that. Instances may exist meanwhile: a function is validated in any case before it first runs.</summary>
    /// <exception cref="Binary.MalformedModuleException">A function's bytes are not those of a function, or exceed a limit.</exception>
    /// <exception cref="Validation.InvalidModuleException">A function is not valid.</exception>
    public void ValidateBodies() => Validation.ModuleValidator.ValidateBodies(this);

    /// <summary>The type of the function <paramref name="index"/> of the function index space.</summary>
    public FunctionType FunctionType(uint index) => Types[(int)FunctionTypeIndices[index]];

    /// <summary>The name that the name section gives a function, or null.</summary>
    public string? FunctionName(uint index) => Names.Function(index);

    internal bool IsDeclaredReference(uint function) => DeclaredReferences is { } declared && declared[function];
}
