using System.Buffers.Binary;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Wasi.Functions;

/// <summary>What is done with one buffer of a scattered read or a gathered write.</summary>
internal delegate Errno BufferOperation<TState>(Span<byte> buffer, ref TState state, out int done);

/// <summary>
/// Scattered reads and gathered writes: a list of (pointer, length) pairs of 8 bytes each. All pairs are checked before the first byte is moved.
/// </summary>
internal static class Iovecs
{
    private const uint PairBytes = 8;
    private const uint MaximumCount = 1024;

    /// <summary>A long buffer is handled in pieces, so that the call's deadline is looked at in between.</summary>
    private const uint Piece = 1024 * 1024;

    /// <summary>Goes through the buffers until one is not filled, and gives the total.</summary>
    public static Errno Transfer<TState>(ref HostCall call, uint list, uint count, ref TState state, BufferOperation<TState> operation, out uint total)
    {
        total = 0;
        var memory = call.Memory;

        if (count > MaximumCount)
            return Errno.Invalid;

        if (!memory.TryGetSpan(list, count * PairBytes, out _) || !AreInBounds(memory, list, count))
            return Errno.Fault;

        for (uint i = 0; i < count; i++)
        {
            // The list itself may lie in a buffer that was just written: each pair is read anew and checked again.
            var (address, length) = Pair(memory, list, i);

            for (uint done = 0; done < length;)
            {
                var piece = Math.Min(length - done, Piece);

                if (!memory.TryGetSpan(address + done, piece, out var buffer) || address + done < address || total + piece < total)
                    return total > 0 ? Errno.Success : Errno.Fault;

                var errno = operation(buffer, ref state, out var moved);

                // What was moved before an error counts: the guest meets the error again at its next call.
                if (errno != Errno.Success)
                    return total > 0 ? Errno.Success : errno;

                done += (uint)moved;
                total += (uint)moved;

                if (moved < piece)
                    return Errno.Success;

                call.ThrowIfInterrupted();
            }
        }

        return Errno.Success;
    }

    private static bool AreInBounds(LinearMemory memory, uint list, uint count)
    {
        for (uint i = 0; i < count; i++)
        {
            var (address, length) = Pair(memory, list, i);

            if ((ulong)address + length > memory.ByteLength)
                return false;
        }

        return true;
    }

    private static (uint Address, uint Length) Pair(LinearMemory memory, uint list, uint index)
    {
        var pair = memory.Span(list + (index * PairBytes), PairBytes);
        return (BinaryPrimitives.ReadUInt32LittleEndian(pair), BinaryPrimitives.ReadUInt32LittleEndian(pair[4..]));
    }
}
