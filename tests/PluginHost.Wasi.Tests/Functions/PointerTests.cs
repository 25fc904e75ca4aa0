using PluginHost.Wasi.Tests.Support;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Wasi.Tests.Functions;

/// <summary>Every function with every kind of bad pointer and number: the answer is an errno, and the host lives.</summary>
public sealed class PointerTests : IDisposable
{
    private static readonly ExecutionBudget Soon = new(TimeSpan.FromSeconds(20));

    private readonly GrantedDirectory _directory = new();

    public static TheoryData<string, string> Functions()
    {
        var data = new TheoryData<string, string>();

        foreach (var (name, parameters) in WasiSignatures.All)
            data.Add(name, parameters);

        return data;
    }

    [Theory]
    [EngineMemberData(nameof(Functions))]
    public void Function_OfEveryCombinationOfExtremes_GivesAnErrno(string engine, string name, string parameters)
    {
        var random = new Random(46);
        ulong[] extremes = [0, 1, 2, 3, 4, 5, 8, 48, Guest.End - 9, Guest.End - 8, Guest.End - 4, Guest.End - 1, Guest.End, Guest.End + 1, 0x7FFF_FFFF, 0x8000_0000, uint.MaxValue - 7, uint.MaxValue];
        ulong[] wide = [.. extremes, long.MaxValue, 1UL << 63, ulong.MaxValue];
        using var guest = Open(engine);

        for (var round = 0; round < 400; round++)
        {
            ulong[] arguments = [.. parameters.Select((letter, index) => Pick(letter == 'I' ? wide : extremes, index))];

            // Closing or moving the standard streams and the directory would leave nothing to try.
            if (name is "fd_close" or "fd_renumber")
                arguments[0] += 10;

            try
            {
                guest.Call(name, Soon, arguments);
            }
            catch (ProcessExitException)
            {
                Assert.StartsWith("proc_", name, StringComparison.Ordinal);
            }
        }

        // The guest is not worse for it.
        Assert.Equal(Errno.Success, guest.Call("sched_yield"));
        Assert.Equal("secret", File.ReadAllText(_directory.Secret));

        ulong Pick(ulong[] from, int index) => index == 0 && random.Next(2) == 0 ? (ulong)random.Next(6) : from[random.Next(from.Length)];
    }

    [Theory]
    [EngineData(Guest.End)]
    [EngineData(Guest.End - 1)]
    [EngineData(uint.MaxValue)]
    [EngineData(uint.MaxValue - 3)]
    public void Function_WithItsResultBeyondTheMemory_IsAFault(string engine, uint address)
    {
        using var guest = Open(engine);
        guest.PutWords(Guest.List, Guest.Buffer, 4);
        var length = guest.PutPath(Guest.FirstPath, "file.txt");
        var linkLength = guest.PutPath(Guest.SecondPath, "link");
        const uint file = 4;
        const uint subscription = 4096;
        var all = (ulong)Rights.All;

        (string Name, ulong[] Arguments)[] calls =
        [
            ("args_sizes_get", [address, 64]), ("args_sizes_get", [64, address]), ("args_get", [address, 64]), ("args_get", [64, address]),
            ("environ_sizes_get", [address, 64]), ("environ_sizes_get", [64, address]), ("environ_get", [address, 64]), ("environ_get", [64, address]),
            ("clock_res_get", [0, address]), ("clock_time_get", [0, 0, address]), ("clock_time_get", [1, 0, address]), ("fd_fdstat_get", [1, address]),
            ("fd_filestat_get", [file, address]), ("fd_pread", [file, Guest.List, 1, 0, address]), ("fd_pread", [file, address, 1, 0, 64]),
            ("fd_prestat_get", [3, address]), ("fd_prestat_dir_name", [3, address, 100]), ("fd_pwrite", [file, Guest.List, 1, 0, address]),
            ("fd_pwrite", [file, address, 1, 0, 64]), ("fd_read", [file, Guest.List, 1, address]), ("fd_read", [file, address, 1, 64]),
            ("fd_readdir", [3, Guest.Buffer, 100, 0, address]), ("fd_readdir", [3, address, 100, 0, 64]), ("fd_seek", [file, 0, 0, address]), ("fd_tell", [file, address]),
            ("fd_write", [2, Guest.List, 1, address]), ("fd_write", [2, address, 1, 64]), ("fd_write", [file, Guest.List, 1, address]),
            ("path_create_directory", [3, address, 4]), ("path_filestat_get", [3, 0, address, 4, 64]), ("path_filestat_get", [3, 0, Guest.FirstPath, length, address]),
            ("path_filestat_set_times", [3, 0, address, 4, 0, 0, 0]), ("path_link", [3, 0, address, 4, 3, Guest.SecondPath, linkLength]),
            ("path_link", [3, 0, Guest.FirstPath, length, 3, address, 4]), ("path_open", [3, 0, address, 4, 0, all, all, 0, 64]),
            ("path_open", [3, 0, Guest.FirstPath, length, 0, all, all, 0, address]), ("path_readlink", [3, address, 4, Guest.Buffer, 10, 64]),
            ("path_readlink", [3, Guest.SecondPath, linkLength, address, 10, 64]), ("path_readlink", [3, Guest.SecondPath, linkLength, Guest.Buffer, 10, address]),
            ("path_remove_directory", [3, address, 4]), ("path_rename", [3, address, 4, 3, Guest.SecondPath, linkLength]), ("path_rename", [3, Guest.FirstPath, length, 3, address, 4]),
            ("path_symlink", [address, 4, 3, Guest.SecondPath, linkLength]), ("path_symlink", [Guest.FirstPath, length, 3, address, 4]), ("path_unlink_file", [3, address, 4]),
            ("poll_oneoff", [address, 8192, 1, 64]), ("poll_oneoff", [subscription, address, 1, 64]), ("poll_oneoff", [subscription, 8192, 1, address]), ("random_get", [address, 4]),
        ];

        Assert.All(calls, call => Assert.Equal((call.Name, Errno.Fault), (call.Name, guest.Call(call.Name, call.Arguments))));
        Assert.Equal("inside", File.ReadAllText(_directory["file.txt"]));
    }

    [Theory]
    [EngineData(Guest.Buffer, uint.MaxValue)]
    [EngineData(Guest.End - 1, 2u)]
    [EngineData(uint.MaxValue, 2u)]
    [EngineData(Guest.End, 1u)]
    public void Transfers_WithABufferBeyondTheMemory_AreFaultsAndMoveNothing(string engine, uint address, uint length)
    {
        using var guest = Open(engine);
        guest.Put(Guest.Buffer, "xxxx"u8);
        guest.PutWords(Guest.List, Guest.Buffer, 4, address, length);

        Errno[] answers =
        [
            guest.Call("fd_write", 4, Guest.List, 2, Guest.Result), guest.Call("fd_read", 4, Guest.List, 2, Guest.Result), guest.Call("fd_pwrite", 4, Guest.List, 2, 0, Guest.Result),
            guest.Call("fd_pread", 4, Guest.List, 2, 0, Guest.Result), guest.Call("fd_write", 2, Guest.List, 2, Guest.Result), guest.Call("fd_read", 0, Guest.List, 2, Guest.Result),
        ];

        Assert.All(answers, errno => Assert.Equal(Errno.Fault, errno));
        Assert.Equal("inside", File.ReadAllText(_directory["file.txt"]));
        Assert.Equal("xxxx"u8.ToArray(), guest.Bytes(Guest.Buffer, 4));
    }

    [Theory]
    [EngineData]
    public void Results_AtTheLastBytesOfTheMemory_AreWritten(string engine)
    {
        using var guest = Open(engine);

        var errno = guest.Call("fd_tell", 4, Guest.End - 8);
        var stat = guest.Call("fd_filestat_get", 4, Guest.End - 64);

        Assert.Equal((Errno.Success, Errno.Success), (errno, stat));
        Assert.Equal(6UL, guest.UInt64(Guest.End - 32));
    }

    public void Dispose() => _directory.Dispose();

    /// <summary>A guest with a directory as 3 and a file in it as 4.</summary>
    private Guest Open(string engine)
    {
        File.WriteAllText(_directory["file.txt"], "inside");

        if (!File.Exists(_directory["link"]))
            File.CreateSymbolicLink(_directory["link"], "file.txt");

        var guest = new Guest(engine, new WasiOptions { StandardInput = "input"u8.ToArray(), Environment = new Dictionary<string, string> { ["a"] = "b" }, Preopens = [new Preopen(_directory.Granted, "/data", false)] });
        Assert.Equal(Errno.Success, guest.Open("file.txt", out var file));
        Assert.Equal(4u, file);
        return guest;
    }
}
