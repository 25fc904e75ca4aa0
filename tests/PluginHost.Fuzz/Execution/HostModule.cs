using PluginHost.Fuzz.Generation;
using PluginHost.Wasm.Binary;
using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Fuzz.Execution;

/// <summary>
/// A module of host functions, twice: as functions of our own host, and as WebAssembly that other engines link with the case's module. Every call adds its
/// arguments to a digest.
/// </summary>
internal sealed class HostModule
{
    public const string DigestExport = "digest";

    /// <summary>The mutable i64 that modules may import.</summary>
    public const string GlobalExport = "global";

    private const ValueType I = ValueType.I32;
    private const ValueType L = ValueType.I64;
    private const ValueType F = ValueType.F32;
    private const ValueType D = ValueType.F64;
    private const ulong OneAndAHalf32 = 0x3FC0_0000;
    private const ulong OneAndAHalf64 = 0x3FF8_0000_0000_0000;

    private HostModule(string name, params HostItem[] items)
    {
        Name = name;
        Items = items;
        Bytes = CreateBytes(items);
    }

    /// <summary>What modules of <c>wasm-opt -ttf</c> import, and what those of our own generator do.</summary>
    public static HostModule Fuzzing { get; } = new(
        "fuzzing-support",
        new HostItem("log-i32", [I], []),
        new HostItem("log-i64", [L], []),
        new HostItem("log-f32", [F], []),
        new HostItem("log-f64", [D], []),
        new HostItem("mix", [I, D, L, F], [L]),
        new HostItem("pair", [I], [L, I, D]));

    /// <summary>
    /// WASI that does nothing and succeeds: what a Go program reads of it is what stood in memory before. The clock stands, the program has no arguments.
    /// </summary>
    public static HostModule Wasi { get; } = new(
        "wasi_snapshot_preview1",
        new HostItem("args_get", [I, I], [I], HostAnswer.Zero),
        new HostItem("args_sizes_get", [I, I], [I], HostAnswer.Zero),
        new HostItem("clock_time_get", [I, L, I], [I], HostAnswer.Zero),
        new HostItem("environ_get", [I, I], [I], HostAnswer.Zero),
        new HostItem("environ_sizes_get", [I, I], [I], HostAnswer.Zero),
        new HostItem("fd_close", [I], [I], HostAnswer.Zero),
        new HostItem("fd_fdstat_get", [I, I], [I], HostAnswer.Zero),
        new HostItem("fd_fdstat_set_flags", [I, I], [I], HostAnswer.Zero),
        new HostItem("fd_filestat_get", [I, I], [I], HostAnswer.Zero),
        new HostItem("fd_prestat_get", [I, I], [I], HostAnswer.Unreachable),
        new HostItem("fd_prestat_dir_name", [I, I, I], [I], HostAnswer.Unreachable),
        new HostItem("fd_read", [I, I, I, I], [I], HostAnswer.Zero),
        new HostItem("fd_write", [I, I, I, I], [I], HostAnswer.Zero),
        new HostItem("path_filestat_get", [I, I, I, I, I], [I], HostAnswer.Zero),
        new HostItem("path_open", [I, I, I, I, I, L, L, I, I], [I], HostAnswer.Zero),
        new HostItem("poll_oneoff", [I, I, I, I], [I], HostAnswer.Zero),
        new HostItem("proc_exit", [I], [], HostAnswer.Unreachable),
        new HostItem("random_get", [I, I], [I], HostAnswer.Zero),
        new HostItem("sched_yield", [], [I], HostAnswer.Zero));

    public static IReadOnlyList<HostModule> All { get; } = [Fuzzing, Wasi];

    public string Name { get; }

    public IReadOnlyList<HostItem> Items { get; }

    public byte[] Bytes { get; }

    public bool IsImportedBy(WasmModule module) => module.Imports.Any(import => import.Module == Name);

    /// <summary>Offers the functions to our own engines; the log is the instance's state.</summary>
    public void AddTo(Imports imports)
    {
        foreach (var item in Items)
            imports.Add(Name, item.Name, new FunctionType([.. item.Parameters], [.. item.Results]), (ref call) => Run(item, ref call));
    }

    private static void Run(HostItem item, ref HostCall call)
    {
        var log = call.State<HostLog>();

        for (var i = 0; i < item.Parameters.Length; i++)
            log.Add(item.Parameters[i] is I or F ? call.UInt32(i) : call.UInt64(i));

        if (item.Answer == HostAnswer.Unreachable)
            throw new TrapException(TrapKind.Unreachable);

        for (var i = 0; i < item.Results.Length; i++)
        {
            var digest = item.Answer == HostAnswer.Zero ? 0 : log.Digest;
            call.Return(item.Results[i] switch { I => (uint)digest, L => digest, F => OneAndAHalf32, _ => OneAndAHalf64 }, i);
        }
    }

    private static byte[] CreateBytes(HostItem[] items)
    {
        var types = items.Select(item => (byte[])[0x60, .. Vector(item.Parameters), .. Vector(item.Results)]).Append([0x60, 0, 1, (byte)L]).ToArray();
        var exports = items.Select((item, i) => (byte[])[.. ModuleBytes.Name(item.Name), 0, .. ModuleBytes.U32((uint)i)])
            .Append([.. ModuleBytes.Name(DigestExport), 0, .. ModuleBytes.U32((uint)items.Length)])
            .Append([.. ModuleBytes.Name(GlobalExport), 3, 1]).ToArray();
        var bodies = items.Select(Body).Append(new CodeWriter().Op(Opcode.GlobalGet, 0).Op(Opcode.End).ToArray())
            .Select(code => ModuleBytes.Sized([0, .. code])).ToArray();

        return new ModuleBytes()
            .Section(1, Items(types))
            .Section(3, Items([.. types.Select((_, i) => ModuleBytes.U32((uint)i))]))
            .Section(6, [2, (byte)L, 1, 0x42, 0, 0x0B, (byte)L, 1, 0x42, 0, 0x0B])
            .Section(7, Items(exports))
            .Section(10, Items(bodies))
            .ToArray();

        static byte[] Items(byte[][] items) => [.. ModuleBytes.U32((uint)items.Length), .. items.SelectMany(item => item)];

        static byte[] Vector(ValueType[] values) => ModuleBytes.Sized([.. values.Select(value => (byte)value)]);
    }

    private static byte[] Body(HostItem item)
    {
        var code = new CodeWriter();

        for (var i = 0; i < item.Parameters.Length; i++)
        {
            code.Op(Opcode.GlobalGet, 0).RotateDigest().Get((uint)i);

            _ = item.Parameters[i] switch
            {
                I => code.Op(Opcode.I64ExtendI32U),
                F => code.Op(Opcode.I32ReinterpretF32).Op(Opcode.I64ExtendI32U),
                D => code.Op(Opcode.I64ReinterpretF64),
                _ => code,
            };

            code.AddDigest().Op(Opcode.GlobalSet, 0);
        }

        if (item.Answer == HostAnswer.Unreachable)
            return code.Op(Opcode.Unreachable).Op(Opcode.End).ToArray();

        foreach (var result in item.Results)
        {
            _ = (result, item.Answer) switch
            {
                (I, HostAnswer.Zero) => code.I32(0),
                (I, _) => code.Op(Opcode.GlobalGet, 0).Op(Opcode.I32WrapI64),
                (L, HostAnswer.Zero) => code.I64(0),
                (L, _) => code.Op(Opcode.GlobalGet, 0),
                (F, _) => code.Const(F, OneAndAHalf32),
                _ => code.Const(D, OneAndAHalf64),
            };
        }

        return code.Op(Opcode.End).ToArray();
    }
}
