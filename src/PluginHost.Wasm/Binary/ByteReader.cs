using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;
using PluginHost.Wasm.Modules;

namespace PluginHost.Wasm.Binary;

/// <summary>
/// Reads the primitives of the binary format (spec 5.2) from a range of a module's bytes. Every read is checked against the range's end, and every error
/// says where in the module it is.
/// </summary>
public ref struct ByteReader
{
    private readonly ReadOnlySpan<byte> _bytes;
    private int _position;

    /// <param name="bytes">The whole module, so that offsets are the module's.</param>
    /// <param name="start">Where the range starts.</param>
    /// <param name="end">Where the range ends.</param>
    public ByteReader(ReadOnlySpan<byte> bytes, int start, int end)
    {
        _bytes = bytes[..end];
        _position = start;
    }

    /// <summary>The offset of the next byte in the module.</summary>
    public readonly int Offset => _position;

    public readonly int Remaining => _bytes.Length - _position;

    public readonly bool IsAtEnd => _position >= _bytes.Length;

    public byte ReadByte()
    {
        if ((uint)_position >= (uint)_bytes.Length)
            ThrowEnd();

        return _bytes[_position++];
    }

    public readonly byte PeekByte()
    {
        if ((uint)_position >= (uint)_bytes.Length)
            ThrowEnd();

        return _bytes[_position];
    }

    public ReadOnlySpan<byte> ReadBytes(uint count)
    {
        if (count > (uint)Remaining)
            ThrowEnd();

        var bytes = _bytes.Slice(_position, (int)count);
        _position += (int)count;
        return bytes;
    }

    public void Skip(uint count) => ReadBytes(count);

    /// <summary>Unsigned LEB128 of 32 bits (spec 5.2.2); longer forms than needed are fine up to five bytes, and Go's linker makes them.</summary>
    public uint ReadU32()
    {
        if ((uint)_position < (uint)_bytes.Length && _bytes[_position] < 0x80)
            return _bytes[_position++];

        return ReadLongU32();
    }

    public int ReadS32()
    {
        if ((uint)_position < (uint)_bytes.Length && _bytes[_position] < 0x80)
            return (sbyte)(_bytes[_position++] << 1) >> 1;

        return (int)ReadSigned(32);
    }

    /// <summary>The type index of a block type: 33 bits, so that all indices of 32 bits are positive.</summary>
    public long ReadS33() => ReadSigned(33);

    public long ReadS64()
    {
        if ((uint)_position < (uint)_bytes.Length && _bytes[_position] < 0x80)
            return (sbyte)(_bytes[_position++] << 1) >> 1;

        return ReadSigned(64);
    }

    public uint ReadFixed32() => BinaryPrimitives.ReadUInt32LittleEndian(ReadBytes(4));

    public ulong ReadFixed64() => BinaryPrimitives.ReadUInt64LittleEndian(ReadBytes(8));

    /// <summary>A name (spec 5.2.4): a length and that many bytes of UTF-8.</summary>
    public string ReadName(int maximumBytes)
    {
        var start = _position;
        var length = ReadU32();

        if (length > (uint)Remaining)
            ThrowEnd();

        if (length > (uint)maximumBytes)
            throw new MalformedModuleException($"a name of {length} bytes is longer than the limit of {maximumBytes} (NameBytes)", start);

        var bytes = ReadBytes(length);

        if (!Utf8.IsValid(bytes))
            throw new MalformedModuleException("malformed UTF-8 encoding", start);

        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>The length of a vector whose entries take at least <paramref name="minimumBytes"/> each, so that no count promises more than the bytes can hold.</summary>
    public int ReadCount(int maximum, string limit, int minimumBytes = 1)
    {
        var start = _position;
        var count = ReadU32();

        if (count > (uint)maximum)
            throw new MalformedModuleException($"{count} entries are more than the limit of {maximum} ({limit})", start);

        if ((ulong)count * (uint)minimumBytes > (uint)Remaining)
            throw new MalformedModuleException("unexpected end: the length of a vector is out of bounds", start);

        return (int)count;
    }

    public ValueType ReadValueType()
    {
        var start = _position;

        return (ValueType)ReadByte() switch
        {
            ValueType.I32 => ValueType.I32,
            ValueType.I64 => ValueType.I64,
            ValueType.F32 => ValueType.F32,
            ValueType.F64 => ValueType.F64,
            ValueType.FuncRef => ValueType.FuncRef,
            ValueType.ExternRef => ValueType.ExternRef,
            ValueType.V128 => throw new MalformedModuleException("the vector type v128 is not supported", start),
            _ => throw new MalformedModuleException($"malformed value type 0x{_bytes[start]:x2}", start),
        };
    }

    public ValueType ReadReferenceType()
    {
        var start = _position;
        var type = ReadByte();

        return ((ValueType)type).IsReference() ? (ValueType)type : throw new MalformedModuleException($"malformed reference type 0x{type:x2}", start);
    }

    private uint ReadLongU32()
    {
        uint value = 0;

        for (var shift = 0; ; shift += 7)
        {
            var at = _position;
            var next = ReadByte();

            if (shift == 28 && next > 0x0F)
                throw new MalformedModuleException((next & 0x80) != 0 ? "integer representation too long" : "integer too large", at);

            value |= (uint)(next & 0x7F) << shift;

            if ((next & 0x80) == 0)
                return value;
        }
    }

    /// <summary>Signed LEB128: what the last byte holds above the width must repeat the sign.</summary>
    private long ReadSigned(int width)
    {
        long value = 0;

        for (var shift = 0; ; shift += 7)
        {
            var at = _position;
            var next = ReadByte();
            var rest = width - shift;

            if (rest <= 7)
            {
                if ((next & 0x80) != 0)
                    throw new MalformedModuleException("integer representation too long", at);

                // The bits from the sign bit on, all alike.
                var sign = (sbyte)(next << 1) >> rest;

                if (sign is not (0 or -1))
                    throw new MalformedModuleException("integer too large", at);
            }

            value |= (long)(next & 0x7F) << shift;

            if ((next & 0x80) == 0)
            {
                var used = shift + 7;
                return used < 64 ? value << (64 - used) >> (64 - used) : value;
            }
        }
    }

    [DoesNotReturn]
    private readonly void ThrowEnd() => throw new MalformedModuleException("unexpected end", _bytes.Length);
}
