using System.Text;
using System.Text.Json;
using PluginHost.Fuzz;
using PluginHost.Wasi.Tests.Support;
using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Runtime;
using Xunit.Abstractions;

namespace PluginHost.Wasi.Tests.Sdk;

/// <summary>What the SDK takes above the handler's own work, in WebAssembly instructions, those that only begin or end blocks among them: the same on every machine.</summary>
public sealed class OverheadTests(ITestOutputHelper output)
{
    private const long Allowed = 60_000;

    [Theory]
    [InlineData(64)]
    [InlineData(1024)]
    [InlineData(64 * 1024)]
    public void Bytes_OfASize_TakeFewInstructionsAboveTheHandler(int size)
    {
        var body = new byte[size];
        new Random(1).NextBytes(body);

        Compare("bytes", body, rounds: 21, Handler("echo"), Export("bareEcho"));
    }

    [Theory]
    [InlineData(64)]
    [InlineData(1024)]
    [InlineData(64 * 1024)]
    public void String_OfASize_TakesFewInstructionsAboveTheExport(int size) =>
        Compare("a string", Encoding.UTF8.GetBytes(new string('x', size)), rounds: 21, Export("sdkString"), Export("bareString"));

    [Theory]
    [InlineData(64)]
    [InlineData(1024)]
    [InlineData(64 * 1024)]
    public void Json_OfASize_TakesFewInstructionsAboveDecodingAndEncoding(int size)
    {
        var items = Enumerable.Range(0, size / 72).Select(i => new { name = $"item {i}", price = i * 1.25, tags = new[] { "a", $"tag{i}" } });
        var text = JsonSerializer.Serialize(new { id = 7, items });

        // Rows of a thousand are 70 bytes long on average; what is missing is white space.
        Compare("JSON", Encoding.UTF8.GetBytes(text.PadRight(size)), rounds: size > 10_000 ? 7 : 21, Handler("order"), Export("bareOrder"));
    }

    private static Func<Reactor, SdkGuest, (string, ulong[])> Handler(string name) => (_, guest) => ("pluginhost_handle", [guest.Index(name)]);

    private static Func<Reactor, SdkGuest, (string, ulong[])> Export(string name) => (_, _) => (name, []);

    private void Compare(string what, byte[] body, int rounds, Func<Reactor, SdkGuest, (string, ulong[])> sdk, Func<Reactor, SdkGuest, (string, ulong[])> bare)
    {
        var module = PreparedModules.Get("tiered", "handlers, counting", static () => WasmModule.Load(InstructionCounter.AddTo(Repository.Guest("handlers"))));
        using var reactor = new Reactor(module, new Imports());
        using var guest = new SdkGuest(reactor);
        var executed = (Global)reactor.Instance.Export(InstructionCounter.Export);

        var (with, without) = (Median(sdk(reactor, guest), countsBuffer: true), Median(bare(reactor, guest), countsBuffer: false));

        output.WriteLine($"{what} of {body.Length:N0} bytes: {with:N0} instructions with the SDK, {without:N0} without it, {with - without:N0} above");
        Assert.True(without > 0);
        Assert.True(with - without <= Allowed);

        // What a collection takes comes now and then on both sides; medians leave it out. Asking for the buffer is the SDK's alone.
        long Median((string Export, ulong[] Arguments) call, bool countsBuffer)
        {
            var counts = new List<long>();

            for (var round = 0; round < rounds; round++)
            {
                var begin = executed.Value;
                var (address, length) = guest.Write(body);

                if (!countsBuffer)
                    begin = executed.Value;

                reactor.Call(call.Export, [.. call.Arguments, address, length]);
                counts.Add((long)(executed.Value - begin));
            }

            return counts.Order().ElementAt(rounds / 2);
        }
    }
}
