namespace PluginHost.Testing;

/// <summary>A module that does its host harm, and the call that makes it.</summary>
/// <param name="Export">What to call, without arguments.</param>
/// <param name="Expected">The codes by which the server may answer under a short deadline; <c>ok</c> for a result.</param>
public sealed record HostileGuest(string Name, byte[] Module, string Export, params string[] Expected)
{
    private const byte I32 = ModuleBuilder.I32;
    private const byte I64 = ModuleBuilder.I64;
    private const string Wasi = "wasi_snapshot_preview1";
    private const string Host = "pluginhost";

    private static byte[] End => [0x0C, 0, 0x0B]; // br 0; end

    /// <summary>All of them, by name. Each exports <c>fine</c> too, which returns 7: the plugin's next call.</summary>
    public static IReadOnlyDictionary<string, HostileGuest> All { get; } = Make().ToDictionary(guest => guest.Name, StringComparer.Ordinal);

    private static IEnumerable<HostileGuest> Make()
    {
        yield return Attack("loop", Body([0x03, 0x40, .. End]), "deadline-exceeded");

        // The loop's branch goes through a table and a condition.
        yield return Attack("loop-table", Body([0x03, 0x40, 0x41, 0, 0x0E, 1, 0, 0, 0x0B]), "deadline-exceeded");
        yield return Attack("loop-condition", Body([0x03, 0x40, 0x41, 1, 0x0D, 0, 0x0B]), "deadline-exceeded");

        // memory.fill and memory.copy over all of 64 MiB, without end.
        byte[] everything = [0x41, .. ModuleBytes.U32(0x0400_0000)];
        yield return Attack("fill", Body(1_024, [0x03, 0x40, 0x41, 0, 0x41, 1, .. everything, 0xFC, 11, 0, .. End]), "deadline-exceeded");
        yield return Attack("copy", Body(1_024, [0x03, 0x40, 0x41, 0, 0x41, 0, .. everything, 0xFC, 10, 0, 0, .. End]), "deadline-exceeded");

        // Recursion: a function that calls itself, one that does so by a tail call, and one with a frame of a thousand operands.
        yield return Attack("recursion", Body([0x10, 1]), "trap");
        yield return Attack("indirect-recursion", Recursive(0x41, 0, 0x11, 1, 0), "trap");
        yield return Attack("tail-recursion", Body([0x12, 1]), "deadline-exceeded");
        yield return Attack("wide-recursion", Body([.. Enumerable.Repeat((byte[])[0x41, 1], 1_000).SelectMany(code => code), 0x10, 1, .. Enumerable.Repeat((byte)0x1A, 1_000)]), "trap");

        // Memory and table as large as they may be, and written to.
        yield return Attack("grow", Body([0x03, 0x40, 0x41, 16, 0x40, 0, 0x41, 0x7F, 0x46, 0x04, 0x40, 0x00, 0x0B, 0x41, 0, 0x41, 1, 0x3F, 0, 0x41, 16, 0x74, 0xFC, 11, 0, .. End]), "trap", "deadline-exceeded");
        yield return Attack("table-grow", WithTable(1, [0x03, 0x40, 0xD0, 0x70, 0x41, 1, 0xFC, 15, 0, 0x1A, .. End]), "deadline-exceeded");
        yield return Attack("table-fill", WithTable(10_000_000, [0x03, 0x40, 0x41, 0, 0xD0, 0x70, 0x41, .. Signed(10_000_000), 0xFC, 17, 0, .. End]), "deadline-exceeded");

        yield return Attack("table-copy", WithTable(8_000_000, [0x03, 0x40, 0x41, 1, 0x41, 0, 0x41, .. Signed(7_999_999), 0xFC, 14, 0, 0, .. End]), "deadline-exceeded");

        // Host functions: called without end, asleep for ever, asleep for no time at all without end, random bytes and output without end.
        yield return Attack("host-calls", Importing("sched_yield", [], [0x03, 0x40, 0x10, 0, 0x1A, .. End]), "deadline-exceeded");
        yield return Attack("clock", Importing("clock_time_get", [I32, I64, I32], [0x03, 0x40, 0x41, 1, 0x42, 0, 0x41, 64, 0x10, 0, 0x1A, .. End]), "deadline-exceeded");
        yield return Attack("sleep", Polling(long.MaxValue), "deadline-exceeded");
        yield return Attack("sleep-briefly", Polling(1), "deadline-exceeded");
        yield return Attack("random", Importing("random_get", [I32, I32], [0x03, 0x40, 0x41, 0, 0x41, 0x80, 0x80, 0x04, 0x10, 0, 0x1A, .. End]), "deadline-exceeded");

        // An iovec at 0 of 60,000 bytes at 64, written to standard output for ever.
        byte[] iovec = [0x41, 0, 0x41, 64, 0x36, 2, 0, 0x41, 4, 0x41, .. Signed(60_000), 0x36, 2, 0];
        yield return Attack("output", Importing("fd_write", [I32, I32, I32, I32], [.. iovec, 0x03, 0x40, 0x41, 1, 0x41, 0, 0x41, 1, 0x41, 32, 0x10, 0, 0x1A, .. End]), "deadline-exceeded");

        // A thousand buffers, each of which is all of the memory: a pair at 0 that is copied until there are 1,024, and one call writes 64 MiB a thousand times over.
        byte[] list = [0x41, 0, 0x41, 0, 0x36, 2, 0, 0x41, 4, .. everything, 0x36, 2, 0];
        byte[] copies = [.. Enumerable.Range(0, 10).SelectMany(power => (byte[])[0x41, .. Signed(8 << power), 0x41, 0, 0x41, .. Signed(8 << power), 0xFC, 10, 0, 0])];
        yield return Attack("buffers", Importing("fd_write", [I32, I32, I32, I32], [.. list, .. copies, 0x03, 0x40, 0x41, 1, 0x41, 0, 0x41, .. Signed(1_000), 0x41, .. Signed(16_384), 0x10, 0, 0x1A, .. End], 1_024), "deadline-exceeded");
        // The host's own functions that need no grant: time, context, and lines of 16 KiB for ever.
        yield return Attack("clock-now", Importing("clock_now", [], [0x03, 0x40, 0x10, 0, 0x1A, .. End], module: Host, result: I64), "deadline-exceeded");
        yield return Attack("invocation", Importing("invocation", [], [0x03, 0x40, 0x10, 0, 0x1A, .. End], module: Host, result: I64), "deadline-exceeded");
        yield return Attack("config", Importing("config_get", [I32, I32], [0x03, 0x40, 0x41, 0, 0x41, .. Signed(60_000), 0x10, 0, 0x1A, .. End], module: Host, result: I64), "deadline-exceeded");
        yield return Attack("log", Importing("log", [I32, I32, I32, I32, I32], [0x03, 0x40, 0x41, 0, 0x41, 0, 0x41, .. Signed(16_384), 0x41, 0, 0x41, .. Signed(16_384), 0x10, 0, .. End], module: Host, result: null), "deadline-exceeded");
        yield return Attack("trap", Body([0x00]), "trap");
        yield return Attack("exit", Importing("proc_exit", [I32], [0x41, 9, 0x10, 0]), "guest-exit");
    }

    private static HostileGuest Attack(string name, byte[] module, params string[] expected) => new(name, module, "attack", expected);

    private static byte[] Body(byte[] code) => Body(1, code);

    private static byte[] Body(uint pages, byte[] code) => new ModuleBuilder().Function("fine", [], [I32], 0x41, 7).Function("attack", [], [], code).Memory(pages).ToArray();

    private static byte[] WithTable(uint elements, byte[] code) => new ModuleBytes()
        .Section(1, 2, 0x60, 0, 1, I32, 0x60, 0, 0)
        .Section(3, 2, 0, 1)
        .Section(4, [1, 0x70, 0, .. ModuleBytes.U32(elements)])
        .Section(7, [2, .. ModuleBytes.Name("fine"), 0, 0, .. ModuleBytes.Name("attack"), 0, 1])
        .Section(10, [2, .. ModuleBytes.Sized([0, 0x41, 7, 0x0B]), .. ModuleBytes.Sized([0, .. code, 0x0B])])
        .ToArray();

    private static byte[] Importing(string function, byte[] parameters, byte[] code, uint pages = 1, string module = Wasi, byte? result = I32) => new ModuleBuilder()
        .Import(module, function, parameters, function == "proc_exit" || result is null ? [] : [result.Value])
        .Function("fine", [], [I32], 0x41, 7)
        .Function("attack", [], [], code)
        .Memory(pages)
        .ToArray();

    /// <summary>A function that stands in a table as element 0, where its own code finds it.</summary>
    private static byte[] Recursive(params byte[] code) => new ModuleBytes()
        .Section(1, 2, 0x60, 0, 1, I32, 0x60, 0, 0)
        .Section(3, 2, 0, 1)
        .Section(4, 1, 0x70, 0, 1)
        .Section(7, [2, .. ModuleBytes.Name("fine"), 0, 0, .. ModuleBytes.Name("attack"), 0, 1])
        .Section(9, [1, 0, .. ModuleBytes.Offset(0), 1, 1])
        .Section(10, [2, .. ModuleBytes.Sized([0, 0x41, 7, 0x0B]), .. ModuleBytes.Sized([0, .. code, 0x0B])])
        .ToArray();

    /// <summary>poll_oneoff for one relative clock at 0, again and again.</summary>
    private static byte[] Polling(long nanoseconds) => Importing(
        "poll_oneoff",
        [I32, I32, I32, I32],
        [0x41, 0, 0x41, 1, 0x36, 2, 16, 0x41, 0, 0x42, .. Signed(nanoseconds), 0x37, 3, 24, 0x03, 0x40, 0x41, 0, 0x41, .. Signed(128), 0x41, 1, 0x41, .. Signed(256), 0x10, 0, 0x1A, .. End]);

    private static byte[] Signed(long value)
    {
        var bytes = new List<byte>();

        for (; value >= 0x40; value >>= 7)
            bytes.Add((byte)(0x80 | (value & 0x7F)));

        bytes.Add((byte)value);
        return [.. bytes];
    }
}
