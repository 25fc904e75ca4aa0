using PluginHost.Wasm.Binary;

namespace PluginHost.Fuzz.Shrinking;

/// <summary>A function's body as a list of instructions, to be changed and put together again.</summary>
internal sealed record BodyParts(byte[] Locals, IReadOnlyList<byte[]> Instructions)
{
    /// <summary>Takes an entry of the code section apart.</summary>
    /// <exception cref="MalformedModuleException">It is not well-formed.</exception>
    public static BodyParts Parse(byte[] body)
    {
        var reader = new ByteReader(body, 0, body.Length);

        for (var groups = reader.ReadU32(); groups > 0; groups--)
        {
            reader.ReadU32();
            reader.ReadValueType();
        }

        var locals = body[..reader.Offset];
        var instructions = new List<byte[]>();

        while (!reader.IsAtEnd)
        {
            var start = reader.Offset;
            int code = reader.ReadByte();

            if (code == 0xFC)
                code = 0xFC00 + (int)Math.Min(reader.ReadU32(), 0xFF);

            var row = Opcodes.Find((Opcode)code) ?? throw new MalformedModuleException("illegal opcode", start);
            BodySyntax.SkipImmediates(ref reader, row.Immediates);
            instructions.Add(body[start..reader.Offset]);
        }

        return new BodyParts(locals, instructions);
    }

    public byte[] ToArray() => [.. Locals, .. Instructions.SelectMany(instruction => instruction)];

    /// <summary>The body with <paramref name="count"/> instructions replaced.</summary>
    public BodyParts Replace(int start, int count, params byte[][] replacement) =>
        this with { Instructions = [.. Instructions.Take(start), .. replacement, .. Instructions.Skip(start + count)] };

    /// <summary>Where the block that starts at the instruction ends; -1 where no block starts there.</summary>
    public int EndOfBlock(int start)
    {
        if (!IsBlock(Instructions[start]))
            return -1;

        var depth = 0;

        for (var i = start; i < Instructions.Count; i++)
        {
            if (IsBlock(Instructions[i]))
                depth++;
            else if (Instructions[i][0] == (byte)Opcode.End && --depth == 0)
                return i;
        }

        return -1;
    }

    private static bool IsBlock(byte[] instruction) => (Opcode)instruction[0] is Opcode.Block or Opcode.Loop or Opcode.If;
}
