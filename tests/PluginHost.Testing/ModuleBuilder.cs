namespace PluginHost.Testing;

/// <summary>Writes small valid modules: functions with their types, a memory, exports; the sections follow from them.</summary>
public sealed class ModuleBuilder
{
    public const byte I32 = 0x7F;
    public const byte I64 = 0x7E;
    public const byte FuncRef = 0x70;

    private readonly List<byte[]> _types = [];
    private readonly List<byte[]> _imports = [];
    private readonly List<byte[]> _functions = [];
    private readonly List<byte[]> _exports = [];
    private readonly List<byte[]> _bodies = [];
    private byte[]? _memory;
    private byte[]? _start;
    private byte[]? _custom;

    /// <summary>A module that exports add: (i32, i32) -> i32.</summary>
    public static byte[] Add { get; } = new ModuleBuilder().Function("add", [I32, I32], [I32], 0x20, 0, 0x20, 1, 0x6A).ToArray();

    public ModuleBuilder Import(string module, string name, byte[] parameters, byte[] results)
    {
        _imports.Add([.. ModuleBytes.Name(module), .. ModuleBytes.Name(name), 0x00, .. AddType(parameters, results)]);
        return this;
    }

    /// <summary>Adds a function; imports come before.</summary>
    /// <param name="code">Without the final end.</param>
    public ModuleBuilder Function(string? export, byte[] parameters, byte[] results, params byte[] code)
    {
        _functions.Add(AddType(parameters, results));
        _bodies.Add(ModuleBytes.Sized([0x00, .. code, 0x0B]));

        if (export is not null)
            _exports.Add([.. ModuleBytes.Name(export), 0x00, .. ModuleBytes.U32((uint)(_imports.Count + _functions.Count - 1))]);

        return this;
    }

    /// <summary>Adds a memory without a maximum of its own, exported as <c>memory</c>.</summary>
    public ModuleBuilder Memory(uint pages = 1)
    {
        _memory = [0x00, .. ModuleBytes.U32(pages)];
        _exports.Add([.. ModuleBytes.Name("memory"), 0x02, 0x00]);
        return this;
    }

    /// <summary>Makes a function of the index the module's start function.</summary>
    public ModuleBuilder Start(uint function)
    {
        _start = ModuleBytes.U32(function);
        return this;
    }

    /// <summary>Makes the module larger by a custom section.</summary>
    public ModuleBuilder Custom(byte[] content)
    {
        _custom = content;
        return this;
    }

    public byte[] ToArray()
    {
        var bytes = new ModuleBytes();

        Section(bytes, 1, _types);
        Section(bytes, 2, _imports);
        Section(bytes, 3, _functions);

        if (_memory is not null)
            Section(bytes, 5, [_memory]);

        Section(bytes, 7, _exports);

        if (_start is not null)
            bytes.Section(8, _start);

        Section(bytes, 10, _bodies);

        if (_custom is not null)
            bytes.Custom("x", _custom);

        return bytes.ToArray();
    }

    private static void Section(ModuleBytes bytes, byte id, List<byte[]> items)
    {
        if (items.Count > 0)
            bytes.Section(id, [.. ModuleBytes.U32((uint)items.Count), .. items.SelectMany(item => item)]);
    }

    /// <summary>Adds a type and gives its index.</summary>
    private byte[] AddType(byte[] parameters, byte[] results)
    {
        _types.Add([0x60, .. ModuleBytes.Sized(parameters), .. ModuleBytes.Sized(results)]);
        return ModuleBytes.U32((uint)(_types.Count - 1));
    }
}
