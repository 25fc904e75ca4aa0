using PluginHost.Wasm.Binary;

namespace PluginHost.Fuzz.Generation.Shape;

/// <summary>Writes the code of one block of a <see cref="GoShapeFunction"/> as Go's compiler does.</summary>
/// <param name="blocks">How many blocks are still to be left before the loop.</param>
internal sealed class GoShapeCode(CodeWriter code, int blocks)
{
    private int _ifs;

    /// <summary>For what Go's compiler would not write.</summary>
    public CodeWriter Raw => code;

    public uint LoopDepth => (uint)(blocks + _ifs);

    public uint ExitDepth => LoopDepth + 1;

    /// <summary>Moves SP down, in its local and its global.</summary>
    public GoShapeCode Push(int bytes) => Move(Opcode.I32Sub, bytes);

    public GoShapeCode Pop(int bytes) => Move(Opcode.I32Add, bytes);

    /// <summary>Adds to the 64 bits at SP and an offset.</summary>
    public GoShapeCode Add(uint offset, long value)
    {
        code.Get(1).Get(1).Op(Opcode.I64Load, 3).U32(offset).I64(value).Op(Opcode.I64Add).Op(Opcode.I64Store, 3).U32(offset);
        return this;
    }

    /// <summary>Pushes a return address, calls, and leaves when the call unwinds.</summary>
    public GoShapeCode Call(uint function, long returnAddress = 0x1234) => Call(() => code.I32(0).Op(Opcode.Call, function), returnAddress);

    public GoShapeCode CallElement(int element, long returnAddress = 0x1234) =>
        Call(() => code.I32(0).I32(element).Op(Opcode.CallIndirect, GoShapeModule.Go).U32(0), returnAddress);

    public GoShapeCode Jump(int block)
    {
        code.I32(block).Set(0).Op(Opcode.Br, LoopDepth);
        return this;
    }

    /// <summary>Calls what always unwinds, in the middle of a block, as before a panic.</summary>
    public GoShapeCode Panic(uint function)
    {
        If(then => then.Call(function));
        return this;
    }

    /// <summary>As <see cref="CallElement"/>, by way of the selector, as a closure is called.</summary>
    public GoShapeCode CallClosure(int element, long returnAddress = 0x1234) =>
        Call(() => code.I32(element).Set(0).I32(0).Get(0).Op(Opcode.CallIndirect, GoShapeModule.Go).U32(0), returnAddress);

    /// <summary>Calls a function to enter it at a place that need not be its start.</summary>
    public GoShapeCode CallAt(uint function, int selector) => Call(() => code.I32(selector).Op(Opcode.Call, function), 0x1234);

    /// <summary>Code that runs where an i32 on the stack is not 0.</summary>
    public GoShapeCode If(Action<GoShapeCode> then, Action<GoShapeCode>? otherwise = null)
    {
        code.Op(Opcode.If, 0x40);
        _ifs++;
        then(this);

        if (otherwise is not null)
        {
            code.Op(Opcode.Else);
            otherwise(this);
        }

        _ifs--;
        code.Op(Opcode.End);
        return this;
    }

    /// <summary>Runs a block again until global 1 has counted down to 0.</summary>
    public GoShapeCode Repeat(int block)
    {
        code.Op(Opcode.GlobalGet, 1).I64(1).Op(Opcode.I64Sub).Op(Opcode.GlobalSet, 1).Op(Opcode.GlobalGet, 1).I64(0).Op(Opcode.I64GtS);
        return If(then => then.Jump(block));
    }

    public GoShapeCode Return()
    {
        code.I32(0).Op(Opcode.Return);
        return this;
    }

    private GoShapeCode Call(Action call, long returnAddress)
    {
        Push(8);
        code.Get(1).I64(returnAddress).Op(Opcode.I64Store, 3).U32(0);
        call();
        code.Op(Opcode.GlobalGet, 0).Set(1).Op(Opcode.BrIf, ExitDepth);
        return this;
    }

    private GoShapeCode Move(Opcode direction, int bytes)
    {
        code.Get(1).I32(bytes).Op(direction).Tee(1).Op(Opcode.GlobalSet, 0);
        return this;
    }
}
