using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using PluginHost.Wasm.Modules;

namespace PluginHost.Wasm.Compiler;

/// <summary>
/// The functions of Go that are done by what the processor has for it: those of its runtime (internal/bytealg) that go through memory byte by byte, by the base
/// library's vector instructions; checksums; products of 128 bits. A function is taken for one of them when its code is the same to the last byte, or up to the first
/// call (<see cref="GoBodyHash"/>); names do not count. Whatever is not plain – a range that leaves the memory, wraps, or is so long that an interrupt would have
/// to wait – is left to the function itself.
/// </summary>
internal static unsafe class Intrinsics
{
    /// <summary>The name of the <see cref="AppContext"/> value that lists intrinsics not to be used, by name, with commas between.</summary>
    public const string DisabledSwitch = "PluginHost.Wasm.DisabledIntrinsics";

    private const uint LongestRange = 16 * 1024 * 1024;
    private const int LongestBody = 512;

    private const int ProductLength = 166;
    private const string ProductHash = "a6459e4c1d0b7c41902100975ec0bfa1fe04fcfbd373b74f1f2228238fd8a493";

    /// <summary>Between these lie the functions in Go's convention.</summary>
    private const int ShortestGoBody = 700;
    private const int LongestGoBody = 800;

    public static IReadOnlyList<Intrinsic> All { get; } =
    [
        new("memeqbody", "366203cf82e4b8319368e545902188f789d35569ec010f575ac5c668ac08b08f", (nint)(delegate*<long, long, long, byte*, int, long>)&MemoryEqual),
        new("memcmp", "fd195005cae296a54d9162691c3f1e4df5a16edff23f5e32e5493051c2e2b6bb", (nint)(delegate*<int, int, int, byte*, int, int>)&MemoryCompare),
        new("memchr", "55d0ed588c529962a8c8c9505629d271574a301bfe4393fb29a9e44f6361cb77", (nint)(delegate*<int, int, int, byte*, int, int>)&MemoryFind),
    ];

    /// <summary>Those in Go's convention, by their <see cref="GoBodyHash"/>.</summary>
    public static IReadOnlyList<Intrinsic> Go { get; } =
    [
        new("crc32", "060d0f6f86bc0f11118207a9bf9d1705c495255251f5e80daedbe63527110446", (nint)(delegate*<long, byte*, long, long>)&GoIntrinsics.CrcUpdate),
    ];

    /// <summary>
    /// Whether a function is math/bits.Mul64, or internal/runtime/math.Mul64, which is the same: the 128 bits of a product, which Go has an instruction for on
    /// other machines. Go's compiler finds it too long to put where it is called; here it is put there.
    /// </summary>
    /// <param name="isGo">Whether the function is called in Go's convention.</param>
    public static bool IsProduct(WasmModule module, uint function, bool isGo) =>
        isGo && function >= (uint)module.ImportedFunctionCount && module.FunctionBodies[(int)function - module.ImportedFunctionCount] is { Length: ProductLength } body
        && Hash(module, body) == ProductHash && !IsDisabled("mul64");

    /// <summary>The intrinsic that a function is, where it is one and that is not switched off.</summary>
    /// <param name="isGo">Whether the function is called in Go's convention.</param>
    public static Intrinsic? Find(WasmModule module, uint function, bool isGo)
    {
        var body = module.FunctionBodies[(int)function - module.ImportedFunctionCount];

        if (module.ImportsMemory || module.Memory is null)
            return null;

        if (isGo)
            return body.Length is >= ShortestGoBody and <= LongestGoBody ? Find(Go, GoBodyHash.Of(module, function)) : null;

        if (body.Length > LongestBody)
            return null;

        return Find(All, Hash(module, body));
    }

    private static string Hash(WasmModule module, FunctionBody body)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(module.Bytes.AsSpan(body.Offset, body.Length), hash);
        return Convert.ToHexStringLower(hash);
    }

    private static Intrinsic? Find(IReadOnlyList<Intrinsic> intrinsics, string hash) =>
        intrinsics.FirstOrDefault(intrinsic => intrinsic.BodyHash == hash && !IsDisabled(intrinsic.Name));

    private static bool IsDisabled(string name) =>
        AppContext.GetData(DisabledSwitch) is string disabled && disabled.Split(',', StringSplitOptions.TrimEntries).Contains(name, StringComparer.Ordinal);

    /// <summary>memeqbody: 1 where two ranges hold the same bytes, 0 where they do not.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static long MemoryEqual(long first, long second, long length, byte* instance, int function)
    {
        if (TrySpan(instance, (uint)first, (ulong)length, out var a) && TrySpan(instance, (uint)second, (ulong)length, out var b))
            return a.SequenceEqual(b) ? 1 : 0;

        var slots = RuntimeMethods.Context(instance)->ValueStackTop;
        slots[0] = (ulong)first;
        slots[1] = (ulong)second;
        slots[2] = (ulong)length;
        RuntimeMethods.Call(instance, function, slots);
        return (long)slots[0];
    }

    /// <summary>memcmp: the difference of the first bytes in which two ranges differ, 0 where they do not.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int MemoryCompare(int first, int second, int length, byte* instance, int function)
    {
        if (TrySpan(instance, (uint)first, (uint)length, out var a) && TrySpan(instance, (uint)second, (uint)length, out var b))
        {
            var same = a.CommonPrefixLength(b);
            return same == a.Length ? 0 : a[same] - b[same];
        }

        return CallItself(first, second, length, instance, function);
    }

    /// <summary>memchr: the address of the first byte in a range that is the given one, 0 where there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int MemoryFind(int address, int value, int length, byte* instance, int function)
    {
        if ((uint)value <= byte.MaxValue && TrySpan(instance, (uint)address, (uint)length, out var range))
        {
            var index = range.IndexOf((byte)value);
            return index < 0 ? 0 : address + index;
        }

        return CallItself(address, value, length, instance, function);
    }

    private static int CallItself(int first, int second, int third, byte* instance, int function)
    {
        var slots = RuntimeMethods.Context(instance)->ValueStackTop;
        slots[0] = (uint)first;
        slots[1] = (uint)second;
        slots[2] = (uint)third;
        RuntimeMethods.Call(instance, function, slots);
        return (int)slots[0];
    }

    /// <summary>A range of the memory, which lies behind the context; both numbers are below 2^33, so that their sum does not wrap.</summary>
    private static bool TrySpan(byte* instance, uint address, ulong length, out ReadOnlySpan<byte> range)
    {
        var isPlain = length <= LongestRange && address + length <= RuntimeMethods.Context(instance)->MemoryLength;
        range = isPlain ? new ReadOnlySpan<byte>(instance + address, (int)length) : default;
        return isPlain;
    }
}
