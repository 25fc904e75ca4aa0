using System.Text;

namespace PluginHost.Plugins.Loading;

/// <summary>Tells what bytes are that are not a module, in the words of whoever uploaded them by mistake.</summary>
internal static class UploadedFormat
{
    private const int TextSample = 1_024;

    private static readonly (byte[] Magic, string Name)[] Known =
    [
        ([0x7F, .. "ELF"u8], "a native Linux program or library (ELF), built without GOOS=wasip1 GOARCH=wasm"),
        ([.. "MZ"u8], "a native Windows program or library"),
        ([0xCF, 0xFA, 0xED, 0xFE], "a native macOS program or library (Mach-O)"),
        ([0xCE, 0xFA, 0xED, 0xFE], "a native macOS program or library (Mach-O)"),
        ([0xCA, 0xFE, 0xBA, 0xBE], "a universal macOS binary or a Java class"),
        ([0x1F, 0x8B], "gzip-compressed; upload the module itself"),
        ([.. "PK\u0003\u0004"u8], "a zip archive; upload the module itself"),
        ([0x28, 0xB5, 0x2F, 0xFD], "zstd-compressed; upload the module itself"),
        ([.. "BZh"u8], "bzip2-compressed; upload the module itself"),
        ([0xFD, .. "7zXZ"u8], "xz-compressed; upload the module itself"),
        ([.. "!<arch>"u8], "an archive of object files, as go build makes of a package that is not main"),
        ([.. "%PDF"u8], "a PDF document"),
        ([0x89, .. "PNG"u8], "a PNG image"),
        ([0xFF, 0xD8, 0xFF], "a JPEG image"),
        ([.. "BC"u8, 0xC0, 0xDE], "LLVM bitcode"),
    ];

    private static readonly (string Start, string Name)[] Texts =
    [
        ("(module", "a module in the text format; convert it with wat2wasm first"),
        ("(component", "a component in the text format"),
        ("package ", "Go source; it has to be built first"),
        ("//", "source code; it has to be built first"),
        ("<", "an HTML or XML page, perhaps the answer of a server that refused the download"),
        ("{", "JSON"),
        ("[", "JSON"),
        ("#!", "a script"),
        ("version https://git-lfs", "a Git LFS pointer; run git lfs pull first"),
    ];

    private static ReadOnlySpan<byte> WasmMagic => "\0asm"u8;

    /// <summary>Why these bytes are no module of version 1, or null when they begin like one.</summary>
    public static PluginFailure? Refusal(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return GoBuild.Refusal("The upload is empty.", 0);

        if (bytes.StartsWith(WasmMagic))
            return VersionRefusal(bytes);

        if (bytes.Length < WasmMagic.Length && WasmMagic.StartsWith(bytes))
            return GoBuild.Refusal($"The upload ends after {bytes.Length} bytes, within the header of a module: it was cut off.", bytes.Length);

        foreach (var (magic, name) in Known)
        {
            if (bytes.StartsWith(magic))
                return GoBuild.Refusal($"The upload is not a WebAssembly module. It looks like {name}.", 0);
        }

        return GoBuild.Refusal(
            IsText(bytes)
                ? $"The upload is not a WebAssembly module. It is text: {TextName(bytes)}."
                : $"The upload is not a WebAssembly module: it begins with {Convert.ToHexStringLower(bytes[..Math.Min(4, bytes.Length)])} instead of 0061736d.",
            0);
    }

    /// <summary>Whether the bytes end before the sections that they announce: then, how many are missing.</summary>
    public static PluginFailure? Truncation(ReadOnlySpan<byte> bytes)
    {
        long position = 8;

        while (position < bytes.Length)
        {
            var section = bytes[(int)position];
            var length = 0UL;
            var shift = 0;
            var offset = position + 1;

            while (true)
            {
                if (offset >= bytes.Length)
                    return GoBuild.Refusal($"The upload ends after {bytes.Length} bytes, within the header of section {section}: it was cut off.", bytes.Length);

                var value = bytes[(int)offset++];
                length |= (ulong)(value & 0x7F) << shift;
                shift += 7;

                if ((value & 0x80) == 0)
                    break;

                if (shift > 28)
                    return null;
            }

            if (section > 13 || length > uint.MaxValue)
                return null;

            var end = offset + (long)length;

            if (end > bytes.Length)
                return GoBuild.Refusal($"The upload ends after {bytes.Length} bytes, and its section {section} would need {end - bytes.Length} more: it was cut off.", bytes.Length);

            position = end;
        }

        return null;
    }

    private static PluginFailure? VersionRefusal(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 8)
            return GoBuild.Refusal($"The upload ends after {bytes.Length} bytes, within the header of a module: it was cut off.", bytes.Length);

        return (bytes[4], bytes[5], bytes[6], bytes[7]) switch
        {
            (1, 0, 0, 0) => null,
            (_, _, 1, 0) => GoBuild.Refusal("The upload is a WebAssembly component. This host runs core modules: the module that the component was made of, with WASI preview 1.", 4),
            _ => GoBuild.Refusal($"The upload is WebAssembly of the unknown version 0x{Convert.ToHexStringLower(bytes[4..8])}.", 4),
        };
    }

    private static bool IsText(ReadOnlySpan<byte> bytes)
    {
        var sample = bytes[..Math.Min(TextSample, bytes.Length)];

        foreach (var value in sample)
        {
            if (value < 0x20 && value is not ((byte)'\t' or (byte)'\n' or (byte)'\r' or 0x0C))
                return false;
        }

        // A sample may end within a character.
        for (var cut = 0; cut < 4 && cut < sample.Length; cut++)
        {
            if (System.Text.Unicode.Utf8.IsValid(sample[..^cut]))
                return true;
        }

        return false;
    }

    private static string TextName(ReadOnlySpan<byte> bytes)
    {
        var text = Encoding.UTF8.GetString(bytes[..Math.Min(TextSample, bytes.Length)]).TrimStart('\uFEFF', ' ', '\t', '\r', '\n');

        foreach (var (start, name) in Texts)
        {
            if (text.StartsWith(start, StringComparison.Ordinal))
                return name;
        }

        return "of no kind that is known here";
    }
}
