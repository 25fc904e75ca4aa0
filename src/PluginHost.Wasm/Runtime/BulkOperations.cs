namespace PluginHost.Wasm.Runtime;

/// <summary>
/// The instructions on whole ranges of memories and tables (spec 4.4.6 and 4.4.7), the same for every engine. Ranges are checked before anything is
/// written. Long ones are done in pieces with a look at the interrupt between them, so that a guest cannot hold its thread for seconds.
/// </summary>
internal static class BulkOperations
{
    private const int Piece = 1024 * 1024;
    private const int PieceElements = Piece / sizeof(ulong);

    /// <summary>An expression takes some thirty times as long as a copy.</summary>
    private const int PieceExpressions = 64 * 1024;

    public static void MemoryFill(WasmInstance instance, uint destination, uint value, uint length)
    {
        var memory = instance.Memory!;
        CheckMemory(memory.ByteLength, destination, length);

        for (uint done = 0; done < length;)
        {
            var piece = Math.Min(length - done, Piece);
            memory.Span(destination + done, piece).Fill((byte)value);
            done += piece;
            instance.Yield();
        }
    }

    public static void MemoryCopy(WasmInstance instance, uint destination, uint source, uint length)
    {
        var memory = instance.Memory!;
        CheckMemory(memory.ByteLength, source, length);
        CheckMemory(memory.ByteLength, destination, length);

        for (uint done = 0; done < length;)
        {
            var piece = Math.Min(length - done, Piece);

            // Overlapping ranges: from the low end when moving down, from the high end when moving up. A piece itself is copied by memmove.
            var at = destination <= source ? done : length - done - piece;
            memory.Span(source + at, piece).CopyTo(memory.Span(destination + at, piece));
            done += piece;
            instance.Yield();
        }
    }

    public static void MemoryInit(WasmInstance instance, uint segment, uint destination, uint source, uint length)
    {
        ref readonly var data = ref instance.Module.DataSegments[segment];
        var available = instance.DroppedData[segment] ? 0 : (uint)data.Length;

        if ((ulong)source + length > available)
            Traps.Throw(TrapKind.OutOfBoundsMemoryAccess);

        var memory = instance.Memory!;
        CheckMemory(memory.ByteLength, destination, length);
        var bytes = instance.Module.Bytes.AsSpan(data.Offset + (int)source, (int)length);

        for (uint done = 0; done < length;)
        {
            var piece = Math.Min(length - done, Piece);
            bytes.Slice((int)done, (int)piece).CopyTo(memory.Span(destination + done, piece));
            done += piece;
            instance.Yield();
        }
    }

    public static void TableInit(WasmInstance instance, uint table, uint segment, uint destination, uint source, uint length)
    {
        var elements = instance.Module.ElementSegments[segment];
        var target = instance.Tables[table];
        var available = instance.DroppedElements[segment] ? 0 : (uint)elements.Length;

        if ((ulong)source + length > available || (ulong)destination + length > target.Size)
            Traps.Throw(TrapKind.OutOfBoundsTableAccess);

        var span = target.Elements;

        for (uint i = 0; i < length; i++)
        {
            if (i % PieceExpressions == 0)
                instance.Yield();

            span[(int)(destination + i)] = elements.FunctionIndices is { } functions
                ? instance.FunctionReference(functions[source + i])
                : Instantiator.Evaluate(instance, elements.Expressions![source + i]);
        }
    }

    public static void TableCopy(WasmInstance instance, uint destinationTable, uint sourceTable, uint destination, uint source, uint length)
    {
        var to = instance.Tables[destinationTable];
        var from = instance.Tables[sourceTable];

        if ((ulong)source + length > from.Size || (ulong)destination + length > to.Size)
            Traps.Throw(TrapKind.OutOfBoundsTableAccess);

        for (uint done = 0; done < length;)
        {
            var piece = Math.Min(length - done, PieceElements);

            // As for memories: the tables may be one.
            var at = destination <= source ? done : length - done - piece;
            from.Elements.Slice((int)(source + at), (int)piece).CopyTo(to.Elements[(int)(destination + at)..]);
            done += piece;
            instance.Yield();
        }
    }

    public static void TableFill(WasmInstance instance, uint table, uint destination, ulong value, uint length)
    {
        var target = instance.Tables[table];

        if ((ulong)destination + length > target.Size)
            Traps.Throw(TrapKind.OutOfBoundsTableAccess);

        for (uint done = 0; done < length;)
        {
            var piece = Math.Min(length - done, PieceElements);
            target.Elements.Slice((int)(destination + done), (int)piece).Fill(value);
            done += piece;
            instance.Yield();
        }
    }

    /// <summary>Growing copies the whole table.</summary>
    public static int TableGrow(WasmInstance instance, uint table, uint delta, ulong value)
    {
        instance.Yield();
        return instance.Tables[table].Grow(delta, value);
    }

    public static ulong TableGet(WasmInstance instance, uint table, uint index)
    {
        var target = instance.Tables[table];

        if (index >= target.Size)
            Traps.Throw(TrapKind.OutOfBoundsTableAccess);

        return target.Elements[(int)index];
    }

    public static void TableSet(WasmInstance instance, uint table, uint index, ulong value)
    {
        var target = instance.Tables[table];

        if (index >= target.Size)
            Traps.Throw(TrapKind.OutOfBoundsTableAccess);

        target.Elements[(int)index] = value;
    }

    private static void CheckMemory(ulong byteLength, uint address, uint length)
    {
        if ((ulong)address + length > byteLength)
            Traps.Throw(TrapKind.OutOfBoundsMemoryAccess);
    }
}
