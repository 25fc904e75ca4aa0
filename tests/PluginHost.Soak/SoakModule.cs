using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace PluginHost.Soak;

/// <summary>A module that exports <c>add</c> and that no other upload has the bytes of.</summary>
internal sealed class SoakModule
{
    private static readonly byte[] _calc = Repository.Sample("calc");
    private static int _salt;

    private SoakModule(byte[] bytes)
    {
        Bytes = bytes;
        Digest = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(bytes));
    }

    public byte[] Bytes { get; }

    public string Digest { get; }

    /// <summary>Mostly small ones of many sizes; one in five is Go's.</summary>
    public static SoakModule Next(Random random)
    {
        var salt = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Interlocked.Increment(ref _salt)}"));

        if (random.Next(5) == 0)
            return new SoakModule([.. _calc, .. ModuleBytes.CustomSection("salt", salt)]);

        var filling = new byte[random.Next(1, 1 << random.Next(4, 19))];
        random.NextBytes(filling);
        return new SoakModule([.. ModuleBuilder.Add, .. ModuleBytes.CustomSection("salt", [.. salt, (byte)'-', .. filling])]);
    }
}
