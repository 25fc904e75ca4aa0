using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Plugins.HostFunctions;

/// <summary>Reads a guest's arguments as C# types. Every pointer and length is checked here; one that leaves the memory is a trap.</summary>
internal static class HostArguments
{
    /// <summary>What is copied out of a guest's memory for a string or an array: the host's own memory is not the guest's to fill.</summary>
    public const int MaximumCopiedBytes = 4 * 1024 * 1024;

    public static HostCaller Caller(ref HostCall call) => call.State<HostCaller>();

    public static LinearMemory Memory(ref HostCall call) => call.Memory;

    public static CancellationToken Interruption(ref HostCall call) => call.State<HostCaller>().Interruption(call.Instance);

    public static bool Boolean(ref HostCall call, int slot) => call.Int32(slot) != 0;

    public static int Int32(ref HostCall call, int slot) => call.Int32(slot);

    public static uint UInt32(ref HostCall call, int slot) => call.UInt32(slot);

    public static long Int64(ref HostCall call, int slot) => call.Int64(slot);

    public static ulong UInt64(ref HostCall call, int slot) => call.UInt64(slot);

    public static float Single(ref HostCall call, int slot) => call.Single(slot);

    public static double Double(ref HostCall call, int slot) => call.Double(slot);

    public static Span<byte> Bytes(ref HostCall call, int slot) => call.Memory.Span(call.UInt32(slot), call.UInt32(slot + 1));

    public static ReadOnlySpan<byte> ReadOnlyBytes(ref HostCall call, int slot) => Bytes(ref call, slot);

    public static byte[] Array(ref HostCall call, int slot) => Copied(ref call, slot).ToArray();

    /// <summary>What is no UTF-8 becomes U+FFFD.</summary>
    public static string Text(ref HostCall call, int slot) => Encoding.UTF8.GetString(Copied(ref call, slot));

    /// <summary>A copy, so that nothing changes under the host's hands, aligned or not.</summary>
    public static T Struct<T>(ref HostCall call, int slot)
        where T : unmanaged
        => MemoryMarshal.Read<T>(Place<T>(ref call, slot));

    /// <summary>Makes sure that a result can be written before the function has an effect.</summary>
    public static T Room<T>(ref HostCall call, int slot)
        where T : unmanaged
    {
        _ = Place<T>(ref call, slot);
        return default;
    }

    public static void Write<T>(ref HostCall call, int slot, T value)
        where T : unmanaged
        => MemoryMarshal.Write(Place<T>(ref call, slot), in value);

    private static Span<byte> Place<T>(ref HostCall call, int slot)
        where T : unmanaged
        => call.Memory.Span(call.UInt32(slot), (uint)Unsafe.SizeOf<T>());

    private static ReadOnlySpan<byte> Copied(ref HostCall call, int slot)
    {
        var bytes = Bytes(ref call, slot);

        if (bytes.Length > MaximumCopiedBytes)
            throw new TrapException(TrapKind.OutOfBoundsMemoryAccess, $"an argument of {bytes.Length} bytes, and a host function takes at most {MaximumCopiedBytes}");

        return bytes;
    }
}
