using PluginHost.Wasm.Binary;

namespace PluginHost.Fuzz.Generation.Shape;

/// <summary>Writes modules laid out as Go's linker does: global 0 is SP, functions from i32 to i32 are called in Go's convention, a table holds all functions.</summary>
internal sealed class GoShapeModule
{
    /// <summary>From i32 to i32.</summary>
    public const int Go = 0;

    /// <summary>Without parameters and results.</summary>
    public const int Plain = 1;

    /// <summary>From i64 to i64.</summary>
    public const int Wide = 2;

    /// <summary>From i32 to nothing.</summary>
    public const int Take = 3;

    public const string HostModule = "host";

    private const byte MaximumPages = 3;

    private readonly List<byte[]> _imports = [];
    private readonly List<byte> _types = [];
    private readonly List<byte[]> _bodies = [];
    private readonly List<byte[]> _exports = [];

    /// <summary>The index of the function that is added next.</summary>
    public uint Next => (uint)(_imports.Count + _bodies.Count);

    /// <summary>The type of global 0.</summary>
    public ValueType SpType { get; init; } = ValueType.I32;

    public bool HasMutableSp { get; init; } = true;

    public GoShapeModule Import(string name, int type, string module = HostModule)
    {
        _imports.Add([.. ModuleBytes.Name(module), .. ModuleBytes.Name(name), 0, (byte)type]);
        return this;
    }

    /// <summary>Adds a function, exported as <c>f</c> and its index.</summary>
    /// <param name="body">Its locals and its code.</param>
    /// <param name="export">Another name to export it by.</param>
    public GoShapeModule Function(int type, byte[] body, string? export = null)
    {
        _exports.Add([.. ModuleBytes.Name(export ?? $"f{Next}"), 0, (byte)Next]);
        _types.Add((byte)type);
        _bodies.Add(ModuleBytes.Sized(body));
        return this;
    }

    /// <summary>Adds a function of type <see cref="Plain"/>, or <see cref="Wide"/>, without locals.</summary>
    public GoShapeModule Leaf(CodeWriter code, int type = Plain, string? export = null) => Function(type, [0, .. code.Op(Opcode.End).ToArray()], export);

    public byte[] ToArray()
    {
        var count = (byte)Next;
        var sp = new CodeWriter().Const(SpType, 0x8000).Op(Opcode.End).ToArray();
        var bytes = new ModuleBytes().Section(
            1, 4, 0x60, 1, (byte)ValueType.I32, 1, (byte)ValueType.I32, 0x60, 0, 0, 0x60, 1, (byte)ValueType.I64, 1, (byte)ValueType.I64, 0x60, 1, (byte)ValueType.I32, 0);

        if (_imports.Count > 0)
            bytes.Section(2, [(byte)_imports.Count, .. _imports.SelectMany(item => item)]);

        return bytes
            .Section(3, [(byte)_types.Count, .. _types])
            .Section(4, 1, 0x70, 0, count)
            .Section(5, 1, 1, 1, MaximumPages)
            .Section(6, [2, (byte)SpType, (byte)(HasMutableSp ? 1 : 0), .. sp, (byte)ValueType.I64, 1, 0x42, 0, 0x0B])
            .Section(7, [(byte)(_bodies.Count + 3), .. ModuleBytes.Name("memory"), 2, 0, .. ModuleBytes.Name("sp"), 3, 0, .. ModuleBytes.Name("other"), 3, 1, .. _exports.SelectMany(export => export)])
            .Section(9, [1, 0, .. ModuleBytes.Offset(0), count, .. Enumerable.Range(0, count).Select(index => (byte)index)])
            .Section(10, [(byte)_bodies.Count, .. _bodies.SelectMany(body => body)])
            .ToArray();
    }
}
