namespace PluginHost.Wasm.Modules;

/// <summary>Tells what a file is, so that a wrong one can be refused by its name.</summary>
public static class BinaryFormats
{
    private const int LookedAt = 512;

    public static BinaryFormat Detect(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return BinaryFormat.Empty;

        if (bytes.StartsWith("\0asm"u8))
            return DetectVersion(bytes[4..]);

        if (bytes.Length < 4 && "\0asm"u8.StartsWith(bytes))
            return BinaryFormat.TruncatedHeader;

        if (bytes is [0x1F, 0x8B, ..])
            return BinaryFormat.Gzip;

        if (bytes.StartsWith("PK\u0003\u0004"u8))
            return BinaryFormat.Zip;

        if (bytes is [0x7F, (byte)'E', (byte)'L', (byte)'F', ..])
            return BinaryFormat.Elf;

        // Two letters may start a text as well; a program has zeros soon after.
        if (bytes.StartsWith("MZ"u8) && bytes[..Math.Min(bytes.Length, LookedAt)].Contains((byte)0))
            return BinaryFormat.PortableExecutable;

        return IsText(bytes[..Math.Min(bytes.Length, LookedAt)]) ? BinaryFormat.Text : BinaryFormat.Unknown;
    }

    private static BinaryFormat DetectVersion(ReadOnlySpan<byte> version) => version switch
    {
        { Length: < 4 } => BinaryFormat.TruncatedHeader,
        [1, 0, 0, 0, ..] => BinaryFormat.Module,
        [_, _, 1, 0, ..] => BinaryFormat.Component,
        _ => BinaryFormat.UnknownVersion,
    };

    // No text has control characters but white space; above 0x7F it may be any encoding.
    private static bool IsText(ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
        {
            if (value is < 0x20 and not ((byte)'\t' or (byte)'\n' or (byte)'\r' or (byte)'\f') or 0x7F)
                return false;
        }

        return true;
    }
}
