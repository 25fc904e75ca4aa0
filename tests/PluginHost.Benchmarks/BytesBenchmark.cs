using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using PluginHost.Fuzz;
using PluginHost.Plugins;
using PluginHost.Plugins.Invocation;

namespace PluginHost.Benchmarks;

/// <summary>
/// What bytes, text and JSON of several sizes cost, through the plugin host and without HTTP: the time of a call from argument to result, and the guest's own
/// instructions, which a module counts itself and which are the same on every machine.
/// </summary>
internal static class BytesBenchmark
{
    private const string Plugin = "bytes";
    private const int WarmUpCalls = 300;

    private static readonly int[] Sizes = [64, 1_024, 64 * 1_024, 1_024 * 1_024];

    public static async Task RunAsync(BenchmarkOptions options, TextWriter output)
    {
        var module = File.ReadAllBytes(Path.Combine(Repository.Root, "tests", "PluginHost.Wasi.Tests", "Guests", "handlers", "handlers.wasm"));
        await using var plugins = await HostedPlugins.StartAsync();
        var upload = await plugins.Plugins.UploadAsync(Plugin, new MemoryStream(module), new UploadOptions(Manifest), CancellationToken.None);

        if (!upload.Succeeded)
            throw new InvalidOperationException(upload.Failure.Detail);

        using var counting = new Guest(Guest.Prepare(InstructionCounter.AddTo(module)));

        output.WriteLine("| what | size | time of a call | guest instructions |");
        output.WriteLine("|---|---:|---:|---:|");

        foreach (var (what, export, body, isOwn) in Kinds().Where(kind => options.Wants(kind.What)))
        {
            foreach (var size in Sizes)
            {
                var bytes = body(size);
                var time = await TimeAsync(plugins.Invoker, export, bytes, options.Rounds);
                output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"| {what} | {size:N0} B | {time:N1} µs | {Instructions(counting, export, bytes, isOwn):N0} |"));
            }
        }
    }

    private static IEnumerable<(string What, string Export, Func<int, byte[]> Body, bool IsOwn)> Kinds() =>
    [
        ("bytes to a handler and back", "echo", Bytes, false),
        ("a string to an export, upper-cased", "shout", Text, true),
        ("JSON to a handler, decoded and encoded", "order", Json, false),
    ];

    private static byte[] Bytes(int size)
    {
        var bytes = new byte[size];
        new Random(1).NextBytes(bytes);
        return bytes;
    }

    private static byte[] Text(int size) => Encoding.ASCII.GetBytes(new string('x', size));

    /// <summary>As many items as the size has room for, and blanks.</summary>
    private static byte[] Json(int size)
    {
        var text = new StringBuilder("{\"id\":7,\"items\":[");
        var isFirst = true;

        for (var i = 0; ; i++)
        {
            var item = JsonSerializer.Serialize(new { name = $"item {i}", price = i * 1.25, tags = new[] { "a", $"tag{i}" } });

            if (text.Length + item.Length + 3 > size)
                break;

            text.Append(isFirst ? "" : ",").Append(item);
            isFirst = false;
        }

        return Encoding.ASCII.GetBytes(text.Append("]}").ToString().PadRight(size));
    }

    private static ValueTask<ReadOnlyMemory<byte>?> Manifest(CancellationToken cancellation) => new(
        """{"manifest":1,"name":"bytes","exports":[{"name":"shout","parameters":[{"name":"text","type":"string"}],"result":{"type":"string"}}]}"""u8.ToArray());

    /// <summary>The median round's time of one call, in microseconds.</summary>
    private static async Task<double> TimeAsync(Invoker invoker, string export, byte[] body, int rounds)
    {
        var target = await invoker.ResolveAsync(Plugin, null, export, CancellationToken.None);
        var results = new ulong[1];
        var calls = Math.Clamp(20_000_000 / (body.Length * 100), 3, 2_000);
        var times = new List<double>();

        await CallAsync(Math.Min(WarmUpCalls, calls * 3));

        for (var round = 0; round < rounds; round++)
        {
            var begin = Stopwatch.GetTimestamp();
            await CallAsync(calls);
            times.Add(Stopwatch.GetElapsedTime(begin).TotalMicroseconds / calls);
        }

        return Median.Of(times);

        async Task CallAsync(int count)
        {
            for (var i = 0; i < count; i++)
            {
                var result = await invoker.InvokeAsync(target.Value!, CallArguments.OfBody(target.Value!.Signature, body), results, null, CancellationToken.None);

                if (!result.Succeeded)
                    throw new InvalidOperationException(result.Failure.Detail);
            }
        }
    }

    /// <summary>The median of several calls, the buffer's among them: a collection now and then is left out.</summary>
    private static double Instructions(Guest guest, string export, byte[] body, bool isOwn)
    {
        var counts = new List<double>();

        for (var round = 0; round < 5; round++)
        {
            var begin = guest.Global(InstructionCounter.Export);
            var address = (uint)guest.Call("pluginhost_buffer", (ulong)body.Length);
            body.CopyTo(guest.Memory.Span(address, (uint)body.Length));

            // The handlers' order of registration in the guest.
            _ = isOwn ? guest.Call(export, address, (ulong)body.Length) : guest.Call("pluginhost_handle", export == "echo" ? 0UL : 8, address, (ulong)body.Length);
            counts.Add(guest.Global(InstructionCounter.Export) - begin);
        }

        return Median.Of(counts);
    }
}
