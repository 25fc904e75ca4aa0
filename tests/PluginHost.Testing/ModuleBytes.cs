using System.Text;

namespace PluginHost.Testing;

/// <summary>Puts modules together byte by byte, wrong ones too.</summary>
public sealed class ModuleBytes
{
    private readonly List<byte> _bytes = [0x00, (byte)'a', (byte)'s', (byte)'m', 1, 0, 0, 0];

    /// <summary>A module of one function without parameters and results, and a memory of one page.</summary>
    public static byte[] WithBody(params byte[] code) => new ModuleBytes()
        .Section(1, [1, 0x60, 0, 0])
        .Section(3, [1, 0])
        .Section(5, [1, 0, 1])
        .Section(10, [1, .. Sized([0, .. code])])
        .ToArray();

    /// <summary>Appends a section, whatever its order and its content.</summary>
    public ModuleBytes Section(byte id, params byte[] content)
    {
        _bytes.Add(id);
        _bytes.AddRange(Sized(content));
        return this;
    }

    public ModuleBytes Custom(string name, params byte[] content) => Section(0, [.. Name(name), .. content]);

    /// <summary>A custom section by itself, to be put behind a whole module: engines pass over it.</summary>
    public static byte[] CustomSection(string name, byte[] content) => [0, .. Sized([.. Name(name), .. content])];

    public byte[] ToArray() => [.. _bytes];

    public static byte[] Sized(byte[] content) => [.. U32((uint)content.Length), .. content];

    public static byte[] Name(string name) => Sized(Encoding.UTF8.GetBytes(name));

    public static byte[] U32(uint value)
    {
        var bytes = new List<byte>();

        for (; value >= 0x80; value >>= 7)
            bytes.Add((byte)(value | 0x80));

        bytes.Add((byte)value);
        return [.. bytes];
    }

    /// <summary>An i32.const of a small number, as an expression.</summary>
    public static byte[] Offset(byte value) => [0x41, value, 0x0B];
}
