using PluginHost.Fuzz.Cases;
using PluginHost.Fuzz.Execution;
using PluginHost.Wasm.Binary;

namespace PluginHost.Fuzz.Generation.Go;

/// <summary>Writes a module around functions in Go's shape: a stack in memory, the globals of Go's runtime, a table with gaps.</summary>
internal sealed class GoModuleWriter(FuzzRandom random)
{
    private const int Fuel = 150;

    private readonly GoLayout _layout = new(random.Chance(60), random.Chance(20), random.Between(1, 4), random.Between(0, 3));

    public byte[] ToArray() => new ModuleBytes()
        .Section(1, Vector([.. GoLayout.Types.Select(type => (byte[])[0x60, .. Values(type.Parameters), .. Values(type.Results)])]))
        .Section(2, Vector(Imports()))
        .Section(3, Vector([.. FunctionTypes().Select(type => ModuleBytes.U32((uint)type))]))
        .Section(4, [1, 0x70, 1, GoLayout.TableSize, GoLayout.TableSize])
        .Section(5, [1, 1, 1, (byte)random.Between(1, 3)])
        .Section(6, Vector(Globals()))
        .Section(7, Vector(Exports()))
        .Section(9, Elements())
        .Section(12, 2)
        .Section(10, Vector(Bodies()))
        .Section(11, Data())
        .ToArray();

    private static byte[] Vector(byte[][] items) => [.. ModuleBytes.U32((uint)items.Length), .. items.SelectMany(item => item)];

    private static byte[] Values(ValueType[] values) => ModuleBytes.Sized([.. values.Select(value => (byte)value)]);

    private byte[][] Imports()
    {
        var imports = new List<byte[]>();
        var module = ModuleBytes.Name(HostModule.Fuzzing.Name);

        if (_layout.HasHost)
            imports.AddRange(HostModule.Fuzzing.Items.Select((item, i) => (byte[])[.. module, .. ModuleBytes.Name(item.Name), 0, (byte)(GoLayout.HostType + i)]));

        if (_layout.HasHostGlobal)
            imports.Add([.. module, .. ModuleBytes.Name(HostModule.GlobalExport), 3, (byte)ValueType.I64, 1]);

        return [.. imports];
    }

    private IEnumerable<int> FunctionTypes() =>
        Enumerable.Repeat(GoLayout.GoType, _layout.Functions)
            .Concat(Enumerable.Range(0, _layout.Leaves).Select(GoLayout.TypeOfLeaf))
            .Append(GoLayout.RefillType);

    private byte[][] Globals() =>
        [.. GoLayout.Globals.Select((type, i) => (byte[])[(byte)type, 1, .. new CodeWriter().Const(type, i == 2 ? GoLayout.GAddress : random.Value(type)).Op(Opcode.End).ToArray()])];

    private byte[][] Exports()
    {
        var exports = new List<byte[]> { Export("memory", 2, 0), Export(FuzzCase.Refill, 0, _layout.Leaf(_layout.Leaves)) };

        for (var i = 0; i < _layout.Functions; i++)
            exports.Add(Export($"go{i}", 0, _layout.GoFunction(i)));

        for (var i = 0; i < _layout.Leaves; i++)
            exports.Add(Export($"leaf{i}", 0, _layout.Leaf(i)));

        for (var i = 0; i < GoLayout.Globals.Length; i++)
            exports.Add(Export($"global{i}", 3, _layout.Global(i)));

        return [.. exports];

        static byte[] Export(string name, byte kind, uint index) => [.. ModuleBytes.Name(name), kind, .. ModuleBytes.U32(index)];
    }

    private byte[] Elements()
    {
        var count = random.Between(1, GoLayout.TableSize - 2);
        var functions = Enumerable.Range(0, count).Select(_ => ModuleBytes.U32((uint)(_layout.ImportedFunctions + random.Below(_layout.Functions + _layout.Leaves))));
        return [1, 0, 0x41, 0, 0x0B, (byte)count, .. functions.SelectMany(index => index)];
    }

    private byte[][] Bodies()
    {
        var bodies = new List<byte[]>();

        for (var i = 0; i < _layout.Functions; i++)
            bodies.Add(new GoFunctionWriter(random, _layout, GoLayout.GoType).Write());

        for (var i = 0; i < _layout.Leaves; i++)
            bodies.Add(new GoFunctionWriter(random, _layout, GoLayout.TypeOfLeaf(i)).Write());

        var refill = new CodeWriter()
            .I32(Fuel).Op(Opcode.GlobalSet, _layout.Fuel)
            .I32(random.Pick(0x8000, 0x8000, 0x8000, 0xFFF0, 0xFFFC, 0x10000, 0x4004, 8, 0, -8)).Op(Opcode.GlobalSet, _layout.StackPointer)
            .I64(GoLayout.GAddress).Op(Opcode.GlobalSet, _layout.Global(2));

        bodies.Add([0, .. refill.Op(Opcode.End).ToArray()]);
        return [.. bodies.Select(ModuleBytes.Sized)];
    }

    /// <summary>A passive segment, and the memory's start with the end of the stack in g.</summary>
    private byte[] Data()
    {
        var start = random.Bytes(0x200);
        new byte[] { 0, (byte)random.Pick(0x40, 0x40, 0x40, 0x80, 0xFF), 0, 0, 0, 0, 0, 0 }.CopyTo(start, GoLayout.GAddress + 16);
        return [2, 1, .. ModuleBytes.Sized(random.Bytes(random.Below(64))), 0, 0x41, 0, 0x0B, .. ModuleBytes.Sized(start)];
    }
}
