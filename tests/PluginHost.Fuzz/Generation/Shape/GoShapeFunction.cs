using PluginHost.Wasm.Binary;

namespace PluginHost.Fuzz.Generation.Shape;

/// <summary>
/// The frame that Go's compiler puts around a function's blocks, which may be made wrong in one place. Local 0 is the selector, 1 is SP, 2 and 3 are i64, 4 is
/// an i32, 5 an f64.
/// </summary>
internal sealed record GoShapeFunction
{
    /// <summary>Whether there is a block around all to leave when a call unwinds, and a return of <see cref="Unwound"/> behind it.</summary>
    public bool HasExit { get; init; } = true;

    public int Unwound { get; init; } = 1;

    /// <summary>The local that the <c>br_table</c> reads.</summary>
    public uint Selector { get; init; }

    /// <summary>The global that SP is loaded from, and the local that it is loaded into.</summary>
    public uint LoadedInto { get; init; } = 1;

    /// <summary>The block of each selector, the default last; null for one after the other.</summary>
    public int[]? Targets { get; init; }

    /// <summary>What stands between the loop's start and its blocks.</summary>
    public byte[] Head { get; init; } = [];

    /// <summary>Gives the function's locals and its code.</summary>
    public byte[] Write(params Action<GoShapeCode>[] blocks)
    {
        var code = new CodeWriter().Op(Opcode.GlobalGet, 0).Set(LoadedInto);

        if (HasExit)
            code.Op(Opcode.Block, 0x40);

        code.Op(Opcode.Loop, 0x40).Raw(Head);

        foreach (var _ in blocks)
            code.Op(Opcode.Block, 0x40);

        var targets = Targets ?? [.. Enumerable.Range(0, blocks.Length)];
        code.Get(Selector).Op(Opcode.BrTable, (uint)targets.Length - 1);

        foreach (var target in targets)
            code.U32((uint)target);

        for (var i = 0; i < blocks.Length; i++)
        {
            code.Op(Opcode.End);
            blocks[i](new GoShapeCode(code, blocks.Length - 1 - i));
        }

        code.Op(Opcode.Unreachable).Op(Opcode.End);

        if (HasExit)
            code.Op(Opcode.End).I32(Unwound);
        else
            code.Op(Opcode.Unreachable);

        return [4, 1, (byte)ValueType.I32, 2, (byte)ValueType.I64, 1, (byte)ValueType.I32, 1, (byte)ValueType.F64, .. code.Op(Opcode.End).ToArray()];
    }
}
