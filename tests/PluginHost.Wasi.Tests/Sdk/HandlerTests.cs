using PluginHost.Wasi.Tests.Support;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Wasi.Tests.Sdk;

/// <summary>The Go guest module on the engine: what its three exports promise the host.</summary>
public sealed class HandlerTests
{
    [Theory]
    [TierData]
    public void Handlers_AfterInitialize_AreListedInOrder(string engine)
    {
        using var guest = new SdkGuest(engine, "pricing");

        Assert.Equal("""[{"name":"price","input":"json","output":"json"}]""", guest.Handlers());
    }

    [Theory]
    [EngineData(0)]
    [EngineData(1)]
    [EngineData(8191)]
    [EngineData(8193)]
    [EngineData(65_536)]
    [EngineData(3_000_001)]
    public void Handle_BytesOfEverySize_ComeBack(string engine, int length)
    {
        using var guest = new SdkGuest(engine, "handlers");
        var input = new byte[length];
        new Random(length).NextBytes(input);
        byte[] reversed = [.. input.Reverse()];

        Assert.Equal(input, guest.Handle("echo", input).Bytes);
        Assert.Equal(reversed, guest.Handle("reverse", input).Bytes);
    }

    [Theory]
    [EngineData]
    public void Buffer_SizesUpAndDown_LieAlignedInTheMemory(string engine)
    {
        using var guest = new SdkGuest(engine, "handlers");

        foreach (var size in (uint[])[0, 1, 100, 8192, 8193, 1 << 20, 5 << 20, 16])
        {
            var address = guest.Buffer(size);

            Assert.NotEqual(0u, address);
            Assert.Equal(0u, address % 8);
            Assert.True(guest.Memory.TryGetSpan(address, size, out _));
        }
    }

    [Fact]
    public void Buffer_BeyondWhatTheWireCanSay_IsRefused()
    {
        using var guest = new SdkGuest("interpreter", "handlers");

        Assert.Equal(0u, guest.Buffer(1u << 31));
        Assert.Equal(0u, guest.Buffer(uint.MaxValue));
    }

    [Theory]
    [EngineData]
    public void Handle_ErrorOfAHandler_IsAnObjectAndTheInstanceLivesOn(string engine)
    {
        using var guest = new SdkGuest(engine, "handlers");

        for (var round = 0; round < 3; round++)
        {
            Assert.Equal(("""{"message":"cannot take \"x\\n\"","code":"no-luck","details":{"length":2}}""", true), guest.Handle("fail", "x\n"));
            Assert.Equal(("""{"message":"rejected"}""", true), guest.Handle("reject", "{}"));
            Assert.Equal(("ok", false), guest.Handle("echo", "ok"));
        }
    }

    [Theory]
    [EngineData]
    public void Handle_JsonThatDoesNotFit_IsAnErrorThatNamesTheField(string engine)
    {
        using var guest = new SdkGuest(engine, "handlers");

        var (text, failed) = guest.Handle("order", """{"items":[{"price":"dear"}]}""");

        Assert.True(failed);
        Assert.Equal("""{"message":"json: cannot unmarshal string into Go struct field Item.items.price of type float64","code":"invalid-input","details":{"field":"items.price"}}""", text);
    }

    [Fact]
    public void Handle_Panic_Traps()
    {
        using var guest = new SdkGuest("interpreter", "handlers");

        var trap = Assert.Throws<TrapException>(() => guest.Handle("panic", ""));

        Assert.Equal(TrapKind.Unreachable, trap.Kind);
        Assert.Contains(guest.Output, line => line.Contains("panic: no more", StringComparison.Ordinal));
    }

    [Theory]
    [EngineData]
    public void Handle_GarbageIsCollectedMeanwhile_ResultIsWhole(string engine)
    {
        using var guest = new SdkGuest(engine, "handlers");
        var input = Enumerable.Range(0, 50_000).Select(i => (byte)(i * 7)).ToArray();

        for (var round = 0; round < 5; round++)
            Assert.Equal(input, guest.Handle("collect", input).Bytes);
    }

    [Theory]
    [EngineData]
    public void Handle_InputKeptWithoutAClone_IsTheNextCallsInput(string engine)
    {
        using var guest = new SdkGuest(engine, "handlers");

        guest.Handle("keep", "first");
        guest.Handle("echo", "other");

        Assert.Equal(("first", false), guest.Handle("cloned", "third"));
        Assert.Equal(("third", false), guest.Handle("kept", "third"));
    }

    [Theory]
    [EngineData]
    public void Export_PackedTextOrError_IsGiven(string engine)
    {
        using var guest = new SdkGuest(engine, "handlers");

        Assert.Equal(("ÉH, GOPHER", false), guest.Call("shout", "éh, gopher"));
        Assert.Equal(("""{"message":"not this","code":"refused"}""", true), guest.Call("refuse", "this"));
    }

    [Theory]
    [TierData]
    public void Pricing_Order_IsPriced(string engine)
    {
        using var guest = new SdkGuest(engine, "pricing");

        Assert.Equal(
            ("""{"lines":[{"item":"pen","count":10,"unit":150,"total":1350}],"discount":67,"total":1283}""", false),
            guest.Handle("price", """{"lines":[{"item":"pen","count":10}],"coupon":"SPRING"}"""));
        Assert.Equal(
            ("""{"message":"\"moon\" is not sold here","code":"unknown-item","details":{"line":0,"item":"moon"}}""", true),
            guest.Handle("price", """{"lines":[{"item":"moon","count":1}]}"""));
    }

    [Theory]
    [TierData]
    public void Markdown_Text_IsRendered(string engine)
    {
        using var guest = new SdkGuest(engine, "markdown");

        Assert.Equal(("<h1>Hi <em>there</em></h1>\n<p>a &lt; b</p>\n", false), guest.Handle("render", "# Hi *there*\n\na < b"));
    }
}
