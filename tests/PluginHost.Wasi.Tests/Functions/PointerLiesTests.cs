using System.Net;
using System.Net.Sockets;
using PluginHost.Wasi.Descriptors;
using PluginHost.Wasi.Tests.Support;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Wasi.Tests.Functions;

/// <summary>
/// Every combination of lies in pointers and lengths, for every function that takes any: an errno or a right result, nothing written but where the function
/// may write, and nothing at all where it fails. Beyond the memory the host's own pages have no access, so that a read there would end this process.
/// </summary>
public sealed class PointerLiesTests : IDisposable
{
    private static readonly ExecutionBudget Soon = new(TimeSpan.FromSeconds(20));

    private readonly GrantedDirectory _directory = new();
    private readonly Socket _peer = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private Guest _guest = null!;

    private void Start(string engine)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        _peer.Connect(listener.LocalEndPoint!);
        _peer.Send("some bytes"u8);
        var options = new WasiOptions
        {
            Arguments = ["plugin"],
            Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["a"] = "b" },
            Preopens = [new Preopen(_directory.Granted, "/data", false)],
        };
        _guest = new Guest(engine, options);
        File.WriteAllText(_directory["file.txt"], "inside");
        File.CreateSymbolicLink(_directory["link"], "file.txt");
        Assert.Equal(Errno.Success, _guest.Open("file.txt", out _));
        Assert.Equal(Errno.Success, _guest.Context.Descriptors.Add(new SocketDescriptor(listener.Accept()), out var socket));
        Assert.Equal(Errno.Success, _guest.Call("fd_fdstat_set_flags", socket, (ulong)DescriptorFlags.NonBlocking));
        Assert.Equal(5u, socket);
    }

    public static TheoryData<string> Functions() => [.. PointerLies.All.Keys];

    [Fact]
    public void Lies_AreToldToEveryFunctionThatTakesAPointer()
    {
        // A pointer and a length are i32; these functions have i32 only for descriptors, flags and numbers.
        string[] without =
        [
            "fd_advise", "fd_allocate", "fd_close", "fd_datasync", "fd_fdstat_set_flags", "fd_fdstat_set_rights", "fd_filestat_set_size", "fd_filestat_set_times",
            "fd_renumber", "fd_sync", "proc_exit", "proc_raise", "sched_yield", "sock_shutdown",
        ];

        Assert.Equal(WasiSignatures.All.Select(function => function.Name).Order(), PointerLies.All.Keys.Concat(without).Order());
    }

    [Theory]
    [EngineMemberData(nameof(Functions))]
    public void Function_OfEveryCombinationOfLies_WritesOnlyWhereItMay(string engine, string name)
    {
        Start(engine);
        var lies = PointerLies.All[name];
        Prepare(name);
        var before = _guest.Bytes(0, Guest.End);
        var succeeded = 0;

        foreach (var arguments in lies.Combinations())
        {
            var errno = _guest.Call(name, Soon, arguments);
            succeeded += errno == Errno.Success ? 1 : 0;
            AssertUntouched(lies, arguments, errno, before);

            if (name == "path_open" && errno == Errno.Success)
                _guest.Call("fd_close", 6);
        }

        // The truth is among the combinations, but for what nobody connects to.
        Assert.True(succeeded > 0 || name == "sock_accept");
        Assert.Equal("secret", File.ReadAllText(_directory.Secret));
        Assert.Equal(Errno.Success, _guest.Call("sched_yield"));
    }

    public void Dispose()
    {
        _guest?.Dispose();
        _peer?.Dispose();
        _directory.Dispose();
    }

    /// <summary>Puts at 0 and at the right place what the function reads there.</summary>
    private void Prepare(string name)
    {
        var path = name is "path_readlink" or "path_link" ? "link"u8.ToArray() : [.. "file.txt"u8];

        foreach (var place in (uint[])[0, PointerLies.Place])
        {
            if (name.StartsWith("path_", StringComparison.Ordinal))
                _guest.Put(place, path);
            else if (name is "fd_read" or "fd_pread" or "fd_write" or "fd_pwrite" or "sock_recv" or "sock_send")
                _guest.PutWords(place, Guest.Buffer, 4, Guest.Buffer + 2, 3);
        }

        // Names of one, two and eight bytes that exist, so that some of the lies are true.
        if (name is "path_readlink" or "path_link")
        {
            File.CreateSymbolicLink(_directory["l"], "file.txt");
            File.CreateSymbolicLink(_directory["li"], "file.txt");
        }
        else if (name is "path_remove_directory")
        {
            Directory.CreateDirectory(_directory["f"]);
        }
    }

    private void AssertUntouched(PointerLies lies, ulong[] arguments, Errno errno, byte[] before)
    {
        var memory = _guest.Memory.Span(0, Guest.End);

        for (var start = memory.CommonPrefixLength(before); start < memory.Length; start += memory[start..].CommonPrefixLength(before.AsSpan(start)))
        {
            if (errno != Errno.Success || !lies.MayWrite((uint)start, arguments, before))
                Assert.Fail($"{lies.Name}({string.Join(", ", arguments)}) gave {errno} and wrote at {start}");

            memory[start] = before[start];
        }
    }
}
