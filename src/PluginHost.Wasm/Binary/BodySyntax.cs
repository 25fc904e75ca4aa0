using PluginHost.Wasm.Modules;

namespace PluginHost.Wasm.Binary;

/// <summary>
/// Reads a body's bytes by the grammar alone (spec 5.4). Validation reads grammar and types in one pass and stops at whichever fault comes first; the
/// specification has every fault of the grammar come before any of validation, so an invalid body is read once more by this.
/// </summary>
internal static class BodySyntax
{
    /// <exception cref="MalformedModuleException">The bytes are not those of a function.</exception>
    public static void Check(WasmModule module, FunctionBody body)
    {
        var reader = new ByteReader(module.Bytes, body.Offset, body.Offset + body.Length);

        for (var groups = reader.ReadU32(); groups > 0; groups--)
        {
            reader.ReadU32();
            reader.ReadValueType();
        }

        for (var depth = 1; depth > 0;)
        {
            var at = reader.Offset;
            int code = reader.ReadByte();

            // How long vector instructions are is not known, so nothing can be said of what follows.
            if (code == 0xFD)
                return;

            if (code == 0xFC)
                code = 0xFC00 + (int)Math.Min(reader.ReadU32(), 0xFF);

            if (Opcodes.Find((Opcode)code) is not { } row)
                throw new MalformedModuleException($"illegal opcode 0x{code:x2}", at);

            SkipImmediates(ref reader, row.Immediates);

            if (row.Immediates == Immediates.BlockType)
                depth++;
            else if (row.Opcode == Opcode.End)
                depth--;
        }

        if (!reader.IsAtEnd)
            throw new MalformedModuleException("section size mismatch: code behind the end of a function", reader.Offset);
    }

    /// <summary>Reads past the immediates of an instruction, so that what follows it can be found.</summary>
    internal static void SkipImmediates(ref ByteReader reader, Immediates immediates)
    {
        switch (immediates)
        {
            case Immediates.None:
                break;
            case Immediates.BlockType:
                SkipBlockType(ref reader);
                break;
            case Immediates.Label:
            case Immediates.Function:
            case Immediates.Local:
            case Immediates.Global:
            case Immediates.Table:
            case Immediates.Data:
            case Immediates.Element:
                reader.ReadU32();
                break;
            case Immediates.TypeAndTable:
            case Immediates.TwoTables:
            case Immediates.ElementAndTable:
            case Immediates.MemoryArgument:
                reader.ReadU32();
                reader.ReadU32();
                break;
            case Immediates.LabelTable:
                for (var remaining = (long)reader.ReadU32() + 1; remaining > 0; remaining--)
                    reader.ReadU32();

                break;
            case Immediates.ValueTypes:
                for (var remaining = reader.ReadU32(); remaining > 0; remaining--)
                    reader.ReadValueType();

                break;
            case Immediates.Memory:
                SkipZero(ref reader);
                break;
            case Immediates.I32Const:
                reader.ReadS32();
                break;
            case Immediates.I64Const:
                reader.ReadS64();
                break;
            case Immediates.F32Const:
                reader.Skip(4);
                break;
            case Immediates.F64Const:
                reader.Skip(8);
                break;
            case Immediates.ReferenceType:
                reader.ReadReferenceType();
                break;
            case Immediates.DataAndMemory:
                reader.ReadU32();
                SkipZero(ref reader);
                break;
            case Immediates.TwoMemories:
                SkipZero(ref reader);
                SkipZero(ref reader);
                break;
        }
    }

    private static void SkipBlockType(ref ByteReader reader)
    {
        var at = reader.Offset;

        if (reader.PeekByte() == 0x40)
            reader.ReadByte();
        else if (reader.PeekByte() is > 0x40 and < 0x80)
            reader.ReadValueType();
        else if (reader.ReadS33() < 0)
            throw new MalformedModuleException("malformed block type", at);
    }

    private static void SkipZero(ref ByteReader reader)
    {
        if (reader.ReadByte() != 0)
            throw new MalformedModuleException("zero byte expected", reader.Offset - 1);
    }
}
