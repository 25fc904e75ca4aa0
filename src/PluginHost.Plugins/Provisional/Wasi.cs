using System.Buffers.Binary;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Runtime;

// Stands in for PluginHost.Wasi until that is there.
namespace PluginHost.Wasi;

internal sealed class ProcessExitException(uint code) : Exception
{
    public uint Code { get; } = code;
}

internal sealed class WasiContext(string[] arguments, string[] environment, Action<bool, byte[]> line) : IDisposable
{
    private readonly List<byte>[] _pending = [[], []];

    public string[] Arguments { get; } = arguments;

    public string[] Environment { get; } = environment;

    public void Write(int fd, ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
        {
            if (value == '\n')
            {
                line(fd == 2, [.. _pending[fd - 1]]);
                _pending[fd - 1].Clear();
            }
            else if (_pending[fd - 1].Count < 4096)
            {
                _pending[fd - 1].Add(value);
            }
        }
    }

    public void CompleteOutput()
    {
        for (var fd = 1; fd <= 2; fd++)
        {
            if (_pending[fd - 1].Count > 0)
                Write(fd, "\n"u8);
        }
    }

    public void Dispose()
    {
    }
}

internal static class WasiImports
{
    private const string Module = "wasi_snapshot_preview1";

    public static void AddTo(Imports imports)
    {
        Add(imports, "args_sizes_get", "ii", (ref HostCall call) => Sizes(ref call, call.State<WasiContext>().Arguments));
        Add(imports, "args_get", "ii", (ref HostCall call) => Get(ref call, call.State<WasiContext>().Arguments));
        Add(imports, "environ_sizes_get", "ii", (ref HostCall call) => Sizes(ref call, call.State<WasiContext>().Environment));
        Add(imports, "environ_get", "ii", (ref HostCall call) => Get(ref call, call.State<WasiContext>().Environment));
        Add(imports, "clock_time_get", "iIi", (ref HostCall call) =>
        {
            var now = call.Int32(0) == 0 ? (DateTime.UtcNow - DateTime.UnixEpoch).Ticks * 100 : Stopwatch.GetTimestamp();
            BinaryPrimitives.WriteInt64LittleEndian(call.Memory.Span(call.UInt32(2), 8), now);
            call.Return(0);
        });
        Add(imports, "random_get", "ii", (ref HostCall call) =>
        {
            RandomNumberGenerator.Fill(call.Memory.Span(call.UInt32(0), call.UInt32(1)));
            call.Return(0);
        });
        Add(imports, "sched_yield", "", (ref HostCall call) => call.Return(0));
        imports.Add(Module, "proc_exit", new FunctionType([ValueType.I32], []), (ref HostCall call) => throw new ProcessExitException(call.UInt32(0)));
        Add(imports, "fd_close", "i", (ref HostCall call) => call.Return(8));
        Add(imports, "fd_fdstat_get", "ii", (ref HostCall call) =>
        {
            var stat = call.Memory.Span(call.UInt32(1), 24);
            stat.Clear();
            stat[0] = 2;
            call.Return(0);
        });
        Add(imports, "fd_fdstat_set_flags", "ii", (ref HostCall call) => call.Return(0));
        Add(imports, "fd_prestat_get", "ii", (ref HostCall call) => call.Return(8));
        Add(imports, "fd_prestat_dir_name", "iii", (ref HostCall call) => call.Return(8));
        Add(imports, "fd_read", "iiii", (ref HostCall call) => call.Return(8));
        Add(imports, "fd_filestat_get", "ii", (ref HostCall call) => call.Return(8));
        Add(imports, "path_filestat_get", "iiiii", (ref HostCall call) => call.Return(8));
        Add(imports, "path_open", "iiiiiIIii", (ref HostCall call) => call.Return(8));
        Add(imports, "fd_write", "iiii", (ref HostCall call) =>
        {
            uint total = 0;

            for (uint index = 0; index < call.UInt32(2); index++)
            {
                var vector = call.Memory.Span(call.UInt32(1) + (index * 8), 8);
                var length = BinaryPrimitives.ReadUInt32LittleEndian(vector[4..]);
                call.State<WasiContext>().Write(call.Int32(0), call.Memory.Span(BinaryPrimitives.ReadUInt32LittleEndian(vector), length));
                total += length;
            }

            BinaryPrimitives.WriteUInt32LittleEndian(call.Memory.Span(call.UInt32(3), 4), total);
            call.Return(0);
        });
        Add(imports, "poll_oneoff", "iiii", (ref HostCall call) =>
        {
            var subscription = call.Memory.Span(call.UInt32(0), 48);
            var timeout = BinaryPrimitives.ReadInt64LittleEndian(subscription[24..]);
            var user = BinaryPrimitives.ReadUInt64LittleEndian(subscription);
            call.Sleep(TimeSpan.FromTicks(Math.Max(0, timeout / 100)));
            var result = call.Memory.Span(call.UInt32(1), 32);
            result.Clear();
            BinaryPrimitives.WriteUInt64LittleEndian(result, user);
            BinaryPrimitives.WriteUInt32LittleEndian(call.Memory.Span(call.UInt32(3), 4), 1);
            call.Return(0);
        });
    }

    private static void Add(Imports imports, string name, string parameters, HostCallback callback) => imports.Add(
        Module, name, new FunctionType([.. parameters.Select(letter => letter == 'i' ? ValueType.I32 : ValueType.I64)], [ValueType.I32]), callback);

    private static void Sizes(ref HostCall call, string[] texts)
    {
        var (count, bytes) = (call.UInt32(0), call.UInt32(1));
        BinaryPrimitives.WriteInt32LittleEndian(call.Memory.Span(count, 4), texts.Length);
        BinaryPrimitives.WriteInt32LittleEndian(call.Memory.Span(bytes, 4), texts.Sum(text => Encoding.UTF8.GetByteCount(text) + 1));
        call.Return(0);
    }

    private static void Get(ref HostCall call, string[] texts)
    {
        var (pointers, buffer) = (call.UInt32(0), call.UInt32(1));

        foreach (var text in texts)
        {
            var bytes = Encoding.UTF8.GetBytes(text + '\0');
            BinaryPrimitives.WriteUInt32LittleEndian(call.Memory.Span(pointers, 4), buffer);
            bytes.CopyTo(call.Memory.Span(buffer, (uint)bytes.Length));
            pointers += 4;
            buffer += (uint)bytes.Length;
        }

        call.Return(0);
    }
}
