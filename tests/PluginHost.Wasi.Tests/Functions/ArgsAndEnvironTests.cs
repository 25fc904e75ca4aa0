using System.Text;
using PluginHost.Wasi.Tests.Support;

namespace PluginHost.Wasi.Tests.Functions;

public sealed class ArgsAndEnvironTests
{
    private const uint Pointers = 128;

    [Theory]
    [EngineData]
    public void ArgsSizesGet_OfTheDefault_IsOneArgument(string engine)
    {
        using var guest = new Guest(engine);

        var errno = guest.Call("args_sizes_get", 64, 72);

        Assert.Equal(Errno.Success, errno);
        Assert.Equal((1u, 7u), (guest.UInt32(64), guest.UInt32(72)));
    }

    [Theory]
    [EngineData]
    public void ArgsSizesGet_WithoutArguments_IsNone(string engine)
    {
        using var guest = new Guest(engine, new WasiOptions { Arguments = [] });
        guest.PutWords(64, 9, 9);

        var errno = guest.Call("args_sizes_get", 64, 68);

        Assert.Equal(Errno.Success, errno);
        Assert.Equal((0u, 0u), (guest.UInt32(64), guest.UInt32(68)));
        Assert.Equal(Errno.Success, guest.Call("args_get", 64, 64));
    }

    [Theory]
    [EngineData]
    public void ArgsGet_OfSeveral_PointsIntoTheBuffer(string engine)
    {
        using var guest = new Guest(engine, new WasiOptions { Arguments = ["a", "", "zwölf"] });

        var errno = guest.Call("args_get", Pointers, Guest.Buffer);

        Assert.Equal(Errno.Success, errno);
        Assert.Equal((Guest.Buffer, Guest.Buffer + 2, Guest.Buffer + 3), (guest.UInt32(Pointers), guest.UInt32(Pointers + 4), guest.UInt32(Pointers + 8)));
        Assert.Equal("a\0\0zwölf\0", Encoding.UTF8.GetString(guest.Bytes(Guest.Buffer, 10)));
    }

    [Theory]
    [EngineData]
    public void EnvironGet_OfVariables_HasNameAndValue(string engine)
    {
        using var guest = new Guest(engine, new WasiOptions { Environment = new Dictionary<string, string> { ["GOMEMLIMIT"] = "6MiB" } });

        var sizes = guest.Call("environ_sizes_get", 64, 68);
        var errno = guest.Call("environ_get", Pointers, Guest.Buffer);

        Assert.Equal((Errno.Success, Errno.Success), (sizes, errno));
        Assert.Equal((1u, 16u), (guest.UInt32(64), guest.UInt32(68)));
        Assert.Equal(Guest.Buffer, guest.UInt32(Pointers));
        Assert.Equal("GOMEMLIMIT=6MiB\0", Encoding.UTF8.GetString(guest.Bytes(Guest.Buffer, 16)));
    }

    [Theory]
    [EngineData]
    public void EnvironSizesGet_WithoutVariables_IsNone(string engine)
    {
        using var guest = new Guest(engine);
        guest.PutWords(64, 9, 9);

        var errno = guest.Call("environ_sizes_get", 64, 68);

        Assert.Equal((Errno.Success, 0u, 0u), (errno, guest.UInt32(64), guest.UInt32(68)));
    }

    [Theory]
    [EngineData("args_get")]
    [EngineData("environ_get")]
    public void Get_WhereTheStringsDoNotFit_IsAFaultAndWritesNothing(string engine, string name)
    {
        using var guest = new Guest(engine, new WasiOptions { Arguments = ["abc"], Environment = new Dictionary<string, string> { ["a"] = "b" } });
        guest.PutWords(Pointers, 7);

        var errno = guest.Call(name, Pointers, Guest.End - 3);

        Assert.Equal((Errno.Fault, 7u), (errno, guest.UInt32(Pointers)));
    }

    [Theory]
    [InlineData("", "x")]
    [InlineData("A=B", "x")]
    [InlineData("A\0", "x")]
    [InlineData("A", "x\0y")]
    public void Context_WithAVariableThatCannotBeGiven_IsRefused(string name, string value)
    {
        var options = new WasiOptions { Environment = new Dictionary<string, string> { [name] = value } };

        Assert.ThrowsAny<ArgumentException>(() => new WasiContext(options));
    }

    [Fact]
    public void Context_WithANulInAnArgument_IsRefused()
    {
        Assert.ThrowsAny<ArgumentException>(() => new WasiContext(new WasiOptions { Arguments = ["a\0b"] }));
    }
}
