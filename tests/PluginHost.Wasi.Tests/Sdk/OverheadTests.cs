using System.Text;
using System.Text.Json;
using PluginHost.Wasi.Tests.Support;
using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Runtime;
using Xunit.Abstractions;

namespace PluginHost.Wasi.Tests.Sdk;

/// <summary>What the SDK takes above the handler's own work, in WebAssembly instructions, those that only begin or end blocks among them: the same on every machine.</summary>
public sealed class OverheadTests(ITestOutputHelper output)
{
    private const int BodyLength = 64 * 1024;
    private const long Allowed = 60_000;

    [Fact]
    public void Bytes_BodyOf64KiB_TakesFewInstructionsAboveTheHandler()
    {
        var body = new byte[BodyLength];
        new Random(1).NextBytes(body);

        Measure("bytes", "echo", "bareEcho", body, rounds: 21);
    }

    [Fact]
    public void Json_BodyOf64KiB_TakesFewInstructionsAboveDecodingAndEncoding()
    {
        var items = Enumerable.Range(0, 900).Select(i => new { name = $"item {i}", price = i * 1.25, tags = new[] { "a", $"tag{i}" } });
        var text = JsonSerializer.Serialize(new { id = 7, items });
        var body = Encoding.UTF8.GetBytes(text + new string(' ', BodyLength))[..BodyLength];

        Measure("JSON", "order", "bareOrder", body, rounds: 7);
    }

    private void Measure(string what, string handler, string bare, byte[] body, int rounds)
    {
        var module = Tiers.Named("tiered").Prepare(WasmModule.Load(InstructionCounter.AddTo(Repository.Guest("handlers"))));
        using var reactor = new Reactor(module, new Imports());
        using var guest = new SdkGuest(reactor);
        var executed = (Global)reactor.Instance.Export(InstructionCounter.Export);
        var index = guest.Index(handler);
        var (calls, bareCalls) = (new List<long>(), new List<long>());

        // What a collection takes comes now and then on both sides; medians leave it out.
        for (var round = 0; round < rounds; round++)
        {
            var begin = executed.Value;
            var (address, length) = guest.Write(body);
            reactor.Call("pluginhost_handle", [index, address, length]);
            calls.Add((long)(executed.Value - begin));

            (address, length) = guest.Write(body);
            begin = executed.Value;
            reactor.Call(bare, [address, length]);
            bareCalls.Add((long)(executed.Value - begin));
        }

        var (with, without) = (Median(calls), Median(bareCalls));
        output.WriteLine($"{what}, {body.Length} bytes: {with:N0} instructions with the SDK, {without:N0} without it, {with - without:N0} above");
        Assert.All(bareCalls, count => Assert.True(count > 0));
        Assert.True(with - without <= Allowed);
    }

    private static long Median(List<long> values) => values.Order().ElementAt(values.Count / 2);
}
