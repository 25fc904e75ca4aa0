using PluginHost.Fuzz.Shrinking;
using PluginHost.Wasm.Binary;

namespace PluginHost.Fuzz;

/// <summary>
/// Has a module count its own instructions, in a global that it exports. Every instruction counts, those that do nothing too, once the run of instructions
/// that it stands in is entered; what the counting takes does not.
/// </summary>
internal static class InstructionCounter
{
    /// <summary>The name of the global.</summary>
    public const string Export = "instructions executed";

    private const byte GlobalSection = 6;
    private const byte ExportSection = 7;

    public static byte[] AddTo(byte[] module)
    {
        var parts = ModuleParts.Parse(module);
        var (globals, index) = Append(parts, GlobalSection, [0x7E, 1, (byte)Opcode.I64Const, 0, (byte)Opcode.End]);
        var number = ModuleBytes.U32((uint)index);
        var (exports, _) = Append(parts, ExportSection, [.. ModuleBytes.Name(Export), 3, .. number]);
        byte[][] bodies = [.. parts.SizedItems(ModuleParts.CodeSection).Select(body => Count(body, number))];

        return parts.With(GlobalSection, globals).With(ExportSection, exports).WithSizedItems(ModuleParts.CodeSection, bodies).ToArray();
    }

    /// <summary>A section with one item more, and how many there were.</summary>
    private static (byte[] Content, int Count) Append(ModuleParts parts, byte section, byte[] item)
    {
        var content = parts.Sections.Single(candidate => candidate.Id == section).Content;
        var reader = new ByteReader(content, 0, content.Length);
        var count = reader.ReadCount(int.MaxValue, "items");
        return ([.. ModuleBytes.U32((uint)count + 1), .. content[reader.Offset..], .. item], count);
    }

    private static byte[] Count(byte[] body, byte[] global)
    {
        var parts = BodyParts.Parse(body);
        var output = new List<byte>(body.Length * 2);
        output.AddRange(parts.Locals);

        for (var start = 0; start < parts.Instructions.Count;)
        {
            var end = start + 1;

            while (end < parts.Instructions.Count && !EndsRun((Opcode)parts.Instructions[end - 1][0]))
                end++;

            output.AddRange([(byte)Opcode.GlobalGet, .. global, (byte)Opcode.I64Const, .. Signed(end - start), (byte)Opcode.I64Add, (byte)Opcode.GlobalSet, .. global]);

            for (; start < end; start++)
                output.AddRange(parts.Instructions[start]);
        }

        return [.. output];
    }

    private static bool EndsRun(Opcode opcode) => opcode is Opcode.Block or Opcode.Loop or Opcode.If or Opcode.Else or Opcode.End
        or Opcode.Br or Opcode.BrIf or Opcode.BrTable or Opcode.Return or Opcode.Unreachable;

    private static List<byte> Signed(int value)
    {
        var bytes = new List<byte>();

        for (; value >= 0x40; value >>= 7)
            bytes.Add((byte)(value | 0x80));

        bytes.Add((byte)value);
        return bytes;
    }
}
