using PluginHost.Wasm.Binary;

namespace PluginHost.Wasm.Tests.Binary;

public sealed class ByteReaderTests
{
    [Theory]
    [InlineData(new byte[] { 0x7F }, 127)]
    [InlineData(new byte[] { 0xFF, 0x00 }, 127)]
    [InlineData(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0x0F }, uint.MaxValue)]
    [InlineData(new byte[] { 0x80, 0x80, 0x80, 0x80, 0x00 }, 0)]
    public void ReadU32_AnyLength_GivesTheValue(byte[] bytes, uint expected)
    {
        var reader = new ByteReader(bytes, 0, bytes.Length);

        Assert.Equal(expected, reader.ReadU32());
        Assert.True(reader.IsAtEnd);
    }

    [Theory]
    [InlineData(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0x1F }, "integer too large")]
    [InlineData(new byte[] { 0x80, 0x80, 0x80, 0x80, 0x80, 0x00 }, "integer representation too long")]
    [InlineData(new byte[] { 0x80, 0x80 }, "unexpected end")]
    [InlineData(new byte[] { }, "unexpected end")]
    public void ReadU32_TooLongOrTooLargeOrCut_IsMalformed(byte[] bytes, string reason)
    {
        var exception = Assert.Throws<MalformedModuleException>(() =>
        {
            var reader = new ByteReader(bytes, 0, bytes.Length);
            reader.ReadU32();
        });

        Assert.Equal(reason, exception.Reason);
    }

    [Theory]
    [InlineData(new byte[] { 0x40 }, -64)]
    [InlineData(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F }, -1)]
    [InlineData(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x00 }, long.MaxValue)]
    [InlineData(new byte[] { 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7F }, long.MinValue)]
    public void ReadS64_AnyLength_GivesTheValue(byte[] bytes, long expected)
    {
        var reader = new ByteReader(bytes, 0, bytes.Length);

        Assert.Equal(expected, reader.ReadS64());
        Assert.True(reader.IsAtEnd);
    }

    [Theory]
    [InlineData(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01 })]
    [InlineData(new byte[] { 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7E })]
    [InlineData(new byte[] { 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00 })]
    public void ReadS64_TooLongOrTooLarge_IsMalformed(byte[] bytes) => Assert.Throws<MalformedModuleException>(() =>
    {
        var reader = new ByteReader(bytes, 0, bytes.Length);
        reader.ReadS64();
    });

    [Theory]
    [InlineData(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0x0F }, uint.MaxValue)]
    [InlineData(new byte[] { 0x80, 0x80, 0x80, 0x80, 0x70 }, -4_294_967_296)]
    public void ReadS33_Edges_GivesTheValue(byte[] bytes, long expected)
    {
        var reader = new ByteReader(bytes, 0, bytes.Length);

        Assert.Equal(expected, reader.ReadS33());
    }

    [Theory]
    [InlineData(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0x2F })]
    [InlineData(new byte[] { 0x80, 0x80, 0x80, 0x80, 0x50 })]
    public void ReadS33_UnusedBitsNotTheSign_IsMalformed(byte[] bytes) => Assert.Throws<MalformedModuleException>(() =>
    {
        var reader = new ByteReader(bytes, 0, bytes.Length);
        reader.ReadS33();
    });

    [Theory]
    [InlineData(new byte[] { 2, 0xC0, 0x80 })]
    [InlineData(new byte[] { 3, 0xED, 0xA0, 0x80 })]
    [InlineData(new byte[] { 1, 0x80 })]
    public void ReadName_NotUtf8_IsMalformed(byte[] bytes)
    {
        var exception = Assert.Throws<MalformedModuleException>(() =>
        {
            var reader = new ByteReader(bytes, 0, bytes.Length);
            reader.ReadName(100);
        });

        Assert.Equal("malformed UTF-8 encoding", exception.Reason);
    }
}
