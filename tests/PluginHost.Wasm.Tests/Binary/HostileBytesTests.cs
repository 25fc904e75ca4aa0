using PluginHost.Wasm.Binary;
using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Validation;

namespace PluginHost.Wasm.Tests.Binary;

public sealed class HostileBytesTests
{
    [Fact]
    public void Load_TruncatedGoModule_IsMalformed()
    {
        var module = Repository.Sample("calc");
        var random = new Random(1);

        for (var i = 0; i < 500; i++)
        {
            var length = random.Next(module.Length);

            Assert.Throws<MalformedModuleException>(() => LoadUnlessWhole(module[..length]));
        }
    }

    [Fact]
    public void Load_GoModuleWithFlippedBytes_LoadsOrIsRefusedByADocumentedException()
    {
        var module = Repository.Sample("calc");
        var random = new Random(2);
        var refused = 0;

        for (var i = 0; i < 1_500; i++)
        {
            var damaged = (byte[])module.Clone();

            for (var flips = random.Next(1, 4); flips > 0; flips--)
                damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));

            try
            {
                WasmModule.Load(damaged);
            }
            catch (Exception exception) when (exception is MalformedModuleException or InvalidModuleException)
            {
                refused++;
            }
        }

        Assert.NotEqual(0, refused);
    }

    [Theory]
    [InlineData(new byte[] { 0x7F }, -1)]
    [InlineData(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0x7F }, -1)]
    [InlineData(new byte[] { 0x80, 0x80, 0x80, 0x80, 0x78 }, int.MinValue)]
    [InlineData(new byte[] { 0x80, 0x80, 0x80, 0x80, 0x00 }, 0)]
    public void ReadS32_AnyLength_GivesTheValue(byte[] bytes, int expected)
    {
        var reader = new ByteReader(bytes, 0, bytes.Length);

        Assert.Equal(expected, reader.ReadS32());
    }

    [Theory]
    [InlineData(new byte[] { 0x80, 0x80, 0x80, 0x80, 0x70 })]
    [InlineData(new byte[] { 0x80, 0x80, 0x80, 0x80, 0x80, 0x00 })]
    [InlineData(new byte[] { 0x80 })]
    public void ReadS32_TooLongOrTooLarge_IsMalformed(byte[] bytes) => Assert.Throws<MalformedModuleException>(() =>
    {
        var reader = new ByteReader(bytes, 0, bytes.Length);
        reader.ReadS32();
    });

    // A cut behind a whole section, without the sections that others need, is malformed too; only the cut behind all that matters is not.
    private static void LoadUnlessWhole(byte[] bytes)
    {
        WasmModule.Load(bytes);
        throw new MalformedModuleException("the cut took custom sections only", bytes.Length);
    }
}
