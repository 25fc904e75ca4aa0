namespace PluginHost.Fuzz;

/// <summary>
/// Random modules in the shapes that Go's compiler emits and engines recognise – dispatch loops, jumps through them, moves of the stack pointer, call and
/// return sequences, stack checks – with everything that a recogniser could take for granted now and then changed.
/// </summary>
internal static class ShapeGenerator
{
    private const int Pages = 2;

    public static byte[] Generate(int seed)
    {
        var random = new Random(seed);
        var count = random.Next(2, 6);
        var bodies = new List<byte[]>();

        for (var i = 0; i < count; i++)
            bodies.Add(new ShapeFunction(random, (uint)count).Build());

        for (var i = 0; i < count; i++)
            bodies.Add(Wrapper((uint)i, random));

        byte[] functions = [.. Enumerable.Repeat((byte)0, count), .. Enumerable.Repeat((byte)1, count)];
        byte[][] exports = [.. Enumerable.Range(0, count).Select(i => (byte[])[.. ModuleBytes.Name($"run{i}"), 0, (byte)(count + i)]), [.. ModuleBytes.Name("memory"), 2, 0]];

        return new ModuleBytes()
            .Section(1, 2, 0x60, 1, 0x7F, 1, 0x7F, 0x60, 2, 0x7F, 0x7E, 1, 0x7E)
            .Section(3, [(byte)functions.Length, .. functions])
            .Section(4, 1, 0x70, 0, 32)
            .Section(5, 1, 1, Pages, Pages + 2)
            .Section(6, [5, .. I32Global, .. I64Global, .. I64Global, .. I32Global, .. I64Global])
            .Section(7, [(byte)exports.Length, .. exports.SelectMany(export => export)])
            .Section(9, [1, 0, .. ModuleBytes.Offset(16), (byte)count, .. Enumerable.Range(0, count).Select(i => (byte)i)])
            .Section(10, [(byte)bodies.Count, .. bodies.SelectMany(ModuleBytes.Sized)])
            .ToArray();
    }

    private static byte[] I32Global => [0x7F, 1, 0x41, 0, 0x0B];

    private static byte[] I64Global => [0x7E, 1, 0x42, 0, 0x0B];

    /// <summary>Sets the stack pointer, the budget of steps and the other globals, calls one function, and gives what it left.</summary>
    private static byte[] Wrapper(uint function, Random random)
    {
        var code = new CodeWriter();

        code.Op(Wasm.Binary.Opcode.LocalGet, 0).Const32(random.Next(8) == 0 ? -1 : 0xFFF8).Op(Wasm.Binary.Opcode.I32And)
            .Const32(random.Next(8) == 0 ? (Pages * 65_536) - 24 : 8_192).Op(Wasm.Binary.Opcode.I32Add).Op(Wasm.Binary.Opcode.GlobalSet, 0)
            .Op(Wasm.Binary.Opcode.LocalGet, 1).Op(Wasm.Binary.Opcode.GlobalSet, 1)
            .Const64(random.Next(0, 4_096)).Op(Wasm.Binary.Opcode.GlobalSet, 2)
            .Const32(300).Op(Wasm.Binary.Opcode.GlobalSet, 3)
            .Op(Wasm.Binary.Opcode.LocalGet, 0).Const32(random.Next(3) == 0 ? 7 : 0).Op(Wasm.Binary.Opcode.I32And).Op(Wasm.Binary.Opcode.Call, function)
            .Op(Wasm.Binary.Opcode.I64ExtendI32U).Op(Wasm.Binary.Opcode.GlobalGet, 4).Op(Wasm.Binary.Opcode.I64Xor)
            .Op(Wasm.Binary.Opcode.GlobalGet, 0).Op(Wasm.Binary.Opcode.I64ExtendI32U).Const64(32).Op(Wasm.Binary.Opcode.I64Shl).Op(Wasm.Binary.Opcode.I64Xor).End();

        return [0, .. code.ToArray()];
    }
}
