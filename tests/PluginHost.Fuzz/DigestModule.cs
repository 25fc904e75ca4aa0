namespace PluginHost.Fuzz;

/// <summary>A module that computes the digest of another's memory, as <see cref="EngineExecutor.Hash"/> does.</summary>
internal static class DigestModule
{
    private const byte I32 = ModuleBuilder.I32;

    public static byte[] Build(string module, string memory)
    {
        // Locals: 0 address, 1 end, 2 first, 3 second, 4 word.
        byte[] code =
        [
            0x3F, 0, 0x41, 16, 0x74, 0x21, 1, // end = memory.size << 16: never 4 GiB here
            0x41, .. Signed(unchecked((int)0x9E37_79B9)), 0x21, 2,
            0x41, .. Signed(unchecked((int)0x85EB_CA6B)), 0x21, 3,
            0x02, 0x40, 0x03, 0x40,
            0x20, 0, 0x20, 1, 0x4F, 0x0D, 1, // br_if 1 when address >= end
            0x20, 0, 0x28, 2, 0, 0x21, 4,
            0x20, 2, 0x20, 4, 0x73, 0x41, .. Signed(0x0100_0193), 0x6C, 0x21, 2,
            0x20, 3, 0x20, 4, 0x6A, 0x41, .. Signed(unchecked((int)0x85EB_CA77)), 0x6C, 0x20, 3, 0x41, 15, 0x76, 0x73, 0x21, 3,
            0x20, 0, 0x41, 4, 0x6A, 0x21, 0, 0x0C, 0, 0x0B, 0x0B,
            0x20, 2, 0xAD, 0x42, 32, 0x86, 0x20, 3, 0xAD, 0x84, 0x0B, // (u64)first << 32 | second
        ];

        return new ModuleBytes()
            .Section(1, 1, 0x60, 0, 1, 0x7E)
            .Section(2, [1, .. ModuleBytes.Name(module), .. ModuleBytes.Name(memory), 0x02, 0x00, 0])
            .Section(3, 1, 0)
            .Section(7, [1, .. ModuleBytes.Name("digest"), 0, 0])
            .Section(10, [1, .. ModuleBytes.Sized([1, 5, I32, .. code])])
            .ToArray();
    }

    private static byte[] Signed(int value)
    {
        var bytes = new List<byte>();

        while (true)
        {
            var low = (byte)(value & 0x7F);
            value >>= 7;

            if ((value == 0 && (low & 0x40) == 0) || (value == -1 && (low & 0x40) != 0))
            {
                bytes.Add(low);
                return [.. bytes];
            }

            bytes.Add((byte)(low | 0x80));
        }
    }
}
