namespace PluginHost.Fuzz;

/// <summary>Damages modules: bytes changed, put in, taken out, copied from elsewhere.</summary>
internal static class Mutator
{
    private static readonly byte[] Interesting = [0, 1, 0x7F, 0x80, 0xFF, 0x40, 0x60, 0x0B, 0x0F, 0xFC, 0xFD, 0x41, 0x20];

    /// <summary>One to four damages; the same seed damages in the same way.</summary>
    public static byte[] Mutate(byte[] module, int seed)
    {
        var random = new Random(seed);
        var bytes = module.ToList();

        for (var i = random.Next(1, 5); i > 0 && bytes.Count > 8; i--)
        {
            var at = random.Next(random.Next(10) == 0 ? 0 : 8, bytes.Count);

            switch (random.Next(7))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = Interesting[random.Next(Interesting.Length)];
                    break;
                case 2:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 3:
                    bytes.Insert(at, Interesting[random.Next(Interesting.Length)]);
                    break;
                case 4:
                    bytes.RemoveAt(at);
                    break;
                case 5:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 20), bytes.Count - at));
                    break;
                default:
                    var from = random.Next(bytes.Count);
                    var length = Math.Min(random.Next(1, 12), Math.Min(bytes.Count - from, bytes.Count - at));
                    var copied = bytes.GetRange(from, length);
                    bytes.RemoveRange(at, length);
                    bytes.InsertRange(at, copied);
                    break;
            }
        }

        return [.. bytes];
    }
}
