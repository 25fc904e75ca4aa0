using System.Buffers.Binary;
using PluginHost.Plugins.Tests.Support;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Plugins.Tests.HostFunctions;

/// <summary>
/// Every host function with every combination of lies in its pointers and lengths: one that leaves the memory is a trap, any other gives a number, and the
/// host goes on.
/// </summary>
public sealed class LyingPointerTests : IAsyncLifetime
{
    private const uint End = 65_536;
    private const uint Place = 1_024;

    /// <summary>Of <c>http_send</c>'s struct: four pairs and a number.</summary>
    private const uint RequestBytes = 36;

    private const string Plugin = "liar";

    private static readonly ulong[] Pointers = [0, uint.MaxValue, End - 1, End, End + 1, Place, Place + 3];
    private static readonly ulong[] Lengths = [0, uint.MaxValue, End - 1, End, End + 1, 1, 7];

    /// <summary>Where there are three pairs, the combinations of all would be a hundred thousand.</summary>
    private static readonly ulong[] FewPointers = [0, uint.MaxValue, End, Place];
    private static readonly ulong[] FewLengths = [0, uint.MaxValue, End + 1, 7];

    private readonly TemporaryDirectory _directory = new();
    private PluginHostFixture _host = null!;

    /// <summary>The functions by their parameters: p a pointer, n a length of bytes behind it, r a pointer to a struct of 16 bytes, else a number; I is an i64.</summary>
    private static Dictionary<string, (string Parameters, string Values)> Functions { get; } = new(StringComparer.Ordinal)
    {
        ["take"] = ("ii", "pn"),
        ["log"] = ("iiiii", "0pnpn"),
        ["config_get"] = ("ii", "pn"),
        ["secret_get"] = ("ii", "pn"),
        ["clock_now"] = ("", ""),
        ["kv_get"] = ("iii", "pnr"),
        ["kv_set"] = ("iiii", "pnpn"),
        ["kv_cas"] = ("iiiiI", "pnpn0"),
        ["kv_delete"] = ("iiI", "pn0"),
        ["kv_list"] = ("iiiii", "pnpn0"),
        ["call"] = ("iiiiii", "pnpnpn"),
        ["invocation"] = ("", ""),
    };

    public static TheoryData<string> Names() => [.. Functions.Keys];

    public async Task InitializeAsync()
    {
        _host = await PluginHostFixture.StartAsync(_directory.Path, ("Limits:StoreKeys", 50), ("Limits:IdleSeconds", 3_600), ("Limits:Circuit:Enabled", false));
        await _host.GrantAsync(
            Plugin,
            new PluginGrants { Kv = true, Call = [Plugin], Http = new HttpGrant { Hosts = ["a.example"] } },
            new Dictionary<string, string>(StringComparer.Ordinal) { ["aaaaaaa"] = "a value" },
            new PoolConfiguration { Maximum = 2 });
        await _host.UploadAsync(Plugin, Module());
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        _directory.Dispose();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Function_EveryCombinationOfLies_TrapsExactlyWhereTheMemoryEnds(string name)
    {
        var (_, values) = Functions[name];
        var few = values.Count(letter => letter == 'p') == 3;
        ulong[][] choices = [.. values.Select(letter => letter switch { 'p' or 'r' => few ? FewPointers : Pointers, 'n' => few ? FewLengths : Lengths, _ => [0UL] })];

        foreach (var arguments in Combinations(choices))
        {
            var leaves = Leaves(values, arguments);
            var (result, _) = await _host.CallAsync(Plugin, name, arguments);
            var failure = result.Failure;

            Assert.True(
                leaves ? failure is { Code: FailureCode.Trap, Trap: TrapKind.OutOfBoundsMemoryAccess } : failure is null,
                $"{name}({string.Join(", ", arguments)}): {failure}");
        }

        await AssertAliveAsync();
    }

    [Fact]
    public async Task HttpSend_EveryPairOfItsStruct_TrapsExactlyWhereTheMemoryEnds()
    {
        for (var pair = 0; pair < 4; pair++)
        {
            foreach (var lie in Combinations([Pointers, Lengths]))
            {
                uint[] request = [Place, 3, Place, 3, Place, 0, Place, 0, 1];
                request[pair * 2] = (uint)lie[0];
                request[(pair * 2) + 1] = (uint)lie[1];
                var result = await SendAsync(Place + 512, request);

                Assert.True(
                    lie[0] + lie[1] > End ? result is { Code: FailureCode.Trap, Trap: TrapKind.OutOfBoundsMemoryAccess } : result is null,
                    $"pair {pair} ({string.Join(", ", lie)}): {result}");
            }
        }

        await AssertAliveAsync();
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(uint.MaxValue)]
    [InlineData(End - 1)]
    [InlineData(End)]
    [InlineData(End - RequestBytes)]
    [InlineData(End - RequestBytes + 1)]
    public async Task HttpSend_ItsStruct_TrapsExactlyWhereTheMemoryEnds(uint address)
    {
        var (result, _) = await _host.CallAsync(Plugin, "http_send", [address]);

        Assert.Equal(address + (ulong)RequestBytes > End, result.Failure is { Code: FailureCode.Trap, Trap: TrapKind.OutOfBoundsMemoryAccess });
        await AssertAliveAsync();
    }

    [Fact]
    public async Task Take_BeyondWhatThereIs_WritesOnlyWhatThereIs()
    {
        await PokeAsync(0, "aaaaaaa"u8.ToArray());
        var (length, _) = await _host.CallAsync(Plugin, "config_take", [0, 7, Place, End - Place]);

        Assert.True(length.Succeeded, length.Failure?.ToString());
        Assert.Equal((ulong)BinaryPrimitives.ReadUInt32LittleEndian("a va"u8), (await _host.CallAsync(Plugin, "peek", [Place])).Values[0]);
        Assert.Equal(0UL, (await _host.CallAsync(Plugin, "peek", [Place + 7])).Values[0]);
    }

    private static bool Leaves(string values, ulong[] arguments)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if ((values[i] == 'n' && arguments[i - 1] + arguments[i] > End) || (values[i] == 'r' && arguments[i] + 16 > End))
                return true;
        }

        return false;
    }

    private static IEnumerable<ulong[]> Combinations(ulong[][] choices)
    {
        var count = choices.Aggregate(1, (product, choice) => product * choice.Length);

        for (var number = 0; number < count; number++)
        {
            var arguments = new ulong[choices.Length];

            for (int i = 0, rest = number; i < choices.Length; rest /= choices[i++].Length)
                arguments[i] = choices[i][rest % choices[i].Length];

            yield return arguments;
        }
    }

    /// <summary>A module that exports each function again, and its memory's words.</summary>
    private static byte[] Module()
    {
        const byte i32 = ModuleBuilder.I32;
        const byte i64 = ModuleBuilder.I64;
        var module = new ModuleBuilder();
        var all = Functions.Append(new("http_send", ("i", "p"))).ToList();

        foreach (var (name, (parameters, _)) in all)
            module.Import("pluginhost", name, Types(parameters), name == "log" ? [] : [i64]);

        for (byte index = 0; index < all.Count; index++)
        {
            var (name, (parameters, _)) = all[index];
            module.Function(name, Types(parameters), name == "log" ? [] : [i64], [.. Enumerable.Range(0, parameters.Length).SelectMany(i => (byte[])[0x20, (byte)i]), 0x10, index]);
        }

        module.Function("poke", [i32, i32], [], 0x20, 0, 0x20, 1, 0x36, 0, 0);
        module.Function("peek", [i32], [i32], 0x20, 0, 0x28, 0, 0);

        var configGet = (byte)all.FindIndex(function => function.Key == "config_get");
        var take = (byte)all.FindIndex(function => function.Key == "take");
        module.Function("config_take", [i32, i32, i32, i32], [i64], 0x20, 0, 0x20, 1, 0x10, configGet, 0x1A, 0x20, 2, 0x20, 3, 0x10, take);
        return module.Memory().ToArray();

        static byte[] Types(string parameters) => [.. parameters.Select(letter => letter == 'I' ? i64 : i32)];
    }

    private async Task<PluginFailure?> SendAsync(uint address, uint[] request)
    {
        var bytes = new byte[request.Length * sizeof(uint)];

        for (var i = 0; i < request.Length; i++)
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(i * sizeof(uint)), request[i]);

        await PokeAsync(address, bytes);
        return (await _host.CallAsync(Plugin, "http_send", [address])).Result.Failure;
    }

    private async Task PokeAsync(uint address, byte[] bytes)
    {
        for (var offset = 0; offset < bytes.Length; offset += sizeof(uint))
        {
            var word = new byte[sizeof(uint)];
            bytes.AsSpan(offset, Math.Min(sizeof(uint), bytes.Length - offset)).CopyTo(word);
            Assert.True((await _host.CallAsync(Plugin, "poke", [address + (ulong)offset, BinaryPrimitives.ReadUInt32LittleEndian(word)])).Result.Succeeded);
        }
    }

    private async Task AssertAliveAsync()
    {
        var (result, values) = await _host.CallAsync(Plugin, "clock_now", []);

        Assert.True(result.Succeeded, result.Failure?.ToString());
        Assert.True((long)values[0] > 0);
        Assert.True(_host.Plugins.Statistics(Plugin).Value!.Failures.Keys.All(code => code == "trap"));
    }
}
