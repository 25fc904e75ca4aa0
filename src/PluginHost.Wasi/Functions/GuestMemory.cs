using System.Buffers.Binary;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Wasi.Functions;

/// <summary>
/// Reads and writes the guest's memory for WASI, where a bad pointer is <see cref="Errno.Fault"/> and no trap. Values are little-endian and need not be
/// aligned.
/// </summary>
internal static class GuestMemory
{
    public static bool TryWrite(this LinearMemory memory, uint address, ReadOnlySpan<byte> bytes)
    {
        if (!memory.TryGetSpan(address, (uint)bytes.Length, out var target))
            return false;

        bytes.CopyTo(target);
        return true;
    }

    public static bool TryWriteUInt32(this LinearMemory memory, uint address, uint value)
    {
        if (!memory.TryGetSpan(address, sizeof(uint), out var target))
            return false;

        BinaryPrimitives.WriteUInt32LittleEndian(target, value);
        return true;
    }

    public static bool TryWriteUInt64(this LinearMemory memory, uint address, ulong value)
    {
        if (!memory.TryGetSpan(address, sizeof(ulong), out var target))
            return false;

        BinaryPrimitives.WriteUInt64LittleEndian(target, value);
        return true;
    }

    public static bool TryReadUInt32(this LinearMemory memory, uint address, out uint value)
    {
        var found = memory.TryGetSpan(address, sizeof(uint), out var source);
        value = found ? BinaryPrimitives.ReadUInt32LittleEndian(source) : 0;
        return found;
    }

    /// <summary>
    /// Writes strings one behind the other and a pointer to each: the form of args_get and environ_get. Nothing is written unless all of it fits.
    /// </summary>
    public static Errno WriteStrings(LinearMemory memory, byte[][] strings, uint pointers, uint buffer)
    {
        var total = strings.Sum(text => (long)text.Length);

        if (!memory.TryGetSpan(pointers, (uint)strings.Length * sizeof(uint), out var pointerBytes)
            || !memory.TryGetSpan(buffer, (uint)total, out var bufferBytes))
        {
            return Errno.Fault;
        }

        var offset = 0;

        for (var i = 0; i < strings.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(pointerBytes[(i * sizeof(uint))..], buffer + (uint)offset);
            strings[i].CopyTo(bufferBytes[offset..]);
            offset += strings[i].Length;
        }

        return Errno.Success;
    }

    /// <summary>Writes how many strings there are and how many bytes they take.</summary>
    public static Errno WriteSizes(LinearMemory memory, byte[][] strings, uint count, uint bytes) =>
        memory.TryGetSpan(count, sizeof(uint), out _) && memory.TryWriteUInt32(bytes, (uint)strings.Sum(text => (long)text.Length))
            && memory.TryWriteUInt32(count, (uint)strings.Length) ? Errno.Success : Errno.Fault;
}
