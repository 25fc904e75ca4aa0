using System.Runtime.CompilerServices;

namespace PluginHost.Wasm.Compiler;

/// <summary>
/// Functions of Go's library in Go's convention, done here: SP at entry is an argument, arguments and results lie above it, and the return address at it is taken
/// off. What leads to a call in the function's own code – a nil pointer, a stack to be grown – is left to that, as is everything else that is not plain.
/// </summary>
internal static unsafe class GoIntrinsics
{
    /// <summary>What is done without a look at the interrupt.</summary>
    private const int LongestPiece = 1024 * 1024;

    /// <summary>hash/crc32.slicingUpdate: <c>func(crc uint32, tab *slicing8Table, p []byte) uint32</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static long CrcUpdate(long sp, byte* instance, long target)
    {
        const int TableBytes = Crc32.TableLength * sizeof(uint);

        if (target >> 32 != 0 || !IsInside(instance, (ulong)sp, 56))
            return CallItself(instance, target);

        var frame = instance + sp;
        var table = *(ulong*)(frame + 16);
        var data = *(ulong*)(frame + 24);
        var length = *(ulong*)(frame + 32);

        if (table == 0 || !IsInside(instance, table, TableBytes) || !IsInside(instance, data, length))
            return CallItself(instance, target);

        var crc = ~*(uint*)(frame + 8);
        var entries = new ReadOnlySpan<uint>(instance + table, Crc32.TableLength);
        var isAll = length <= LongestPiece;

        for (; length > LongestPiece; length -= LongestPiece)
        {
            crc = Crc32.Update(crc, entries, new ReadOnlySpan<byte>(instance + data, LongestPiece), isAll: false, isLast: false);
            data += LongestPiece;

            // Also the flag behind it.
            if (Volatile.Read(ref *(long*)&RuntimeMethods.Context(instance)->Interrupt) != 0)
                RuntimeMethods.Attend(instance);
        }

        *(uint*)(frame + 48) = ~Crc32.Update(crc, entries, new ReadOnlySpan<byte>(instance + data, (int)length), isAll);
        return Return(instance, sp);
    }

    /// <summary>Whether a range lies in the memory; where it does, it does not wrap in 32 bits either.</summary>
    private static bool IsInside(byte* instance, ulong address, ulong length)
    {
        var memoryLength = RuntimeMethods.Context(instance)->MemoryLength;
        return length <= memoryLength && address <= memoryLength - length;
    }

    private static long Return(byte* instance, long sp)
    {
        var after = sp + sizeof(ulong);
        *(long*)(instance + ContextLayout.Global(0)) = after;
        return after;
    }

    private static long CallItself(byte* instance, long target)
    {
        var slots = RuntimeMethods.Context(instance)->ValueStackTop;
        slots[0] = (ulong)target >> 32;
        RuntimeMethods.Call(instance, (int)target, slots);

        if ((int)slots[0] == 0)
            return *(uint*)(instance + ContextLayout.Global(0));

        RuntimeMethods.Context(instance)->Result = (uint)slots[0];
        return GoConvention.OtherResult;
    }
}
