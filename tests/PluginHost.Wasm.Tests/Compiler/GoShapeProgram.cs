using PluginHost.Fuzz.Cases;
using PluginHost.Fuzz.Generation;
using PluginHost.Wasm.Binary;

namespace PluginHost.Wasm.Tests.Compiler;

/// <summary>
/// Makes modules by chance in which every function has Go's shape, so that the compiler takes nearly all of them, but what they call moves SP, grows the memory
/// or comes back in through an import. Behind every call SP is loaded again.
/// </summary>
internal sealed class GoShapeProgram(FuzzRandom random)
{
    public const string Import = "back";

    private const int Leaves = 4;
    private const int Functions = 3;
    private const uint FirstLeaf = 1;
    private const uint FirstFunction = FirstLeaf + Leaves;

    /// <summary>The function to call: it calls the others, which are behind it.</summary>
    public const uint Main = FirstFunction;

    public GoShapeModule Create()
    {
        var module = new GoShapeModule().Import(Import, GoShapeModule.Plain);

        for (var i = 0; i < Leaves; i++)
            module.Leaf(Leaf());

        for (var i = 0; i < Functions; i++)
            module.Function(GoShapeModule.Go, Function(i));

        // A callee that is not Go's, and returns what is left of global 1.
        return module.Function(GoShapeModule.Go, [0, .. Leaf().Op(Opcode.GlobalGet, 1).I64(3).Op(Opcode.I64And).Op(Opcode.I64Eqz).Op(Opcode.End).ToArray()]);
    }

    /// <summary>Something that Go's own helpers do not do.</summary>
    private CodeWriter Leaf()
    {
        var code = new CodeWriter();

        switch (random.Below(5))
        {
            case 0:
                return code.I32((int)random.Pick<uint>(TierComparison.EdgesOfSp)).Op(Opcode.GlobalSet, 0);
            case 1:
                return code.Op(Opcode.GlobalGet, 0).I32(random.Pick(-8, 8, 16, -512, 4096, 65_536)).Op(Opcode.I32Add).Op(Opcode.GlobalSet, 0);
            case 2:
                return code.I32(1).Op(Opcode.MemoryGrow, 0).Op(Opcode.Drop);
            case 3:
                return code.Op(Opcode.GlobalGet, 0).I64(0x5555).Op(Opcode.I64Store, 3).U32((uint)random.Pick(0, 8, 65_528));
            default:
                return code.I32(0x200).Op(Opcode.GlobalGet, 1).Op(Opcode.I64Store, 3).U32(0);
        }
    }

    private byte[] Function(int index)
    {
        var blocks = random.Between(2, 6);
        var frame = 8 * random.Between(1, 12);

        return new GoShapeFunction().Write([.. Enumerable.Range(0, blocks).Select(number => (Action<GoShapeCode>)(block =>
        {
            if (number == 0)
                block.Push(frame);

            for (var count = random.Below(4); count > 0; count--)
                Statement(block, frame);

            if (number == blocks - 1)
                block.Pop(frame + 8).Return();
            else if (random.Chance(70))
                block.Call(Callee(index));
            else if (random.Chance(40))
                block.Repeat(random.Between(1, number + 1));
            else
                block.CallElement((int)Callee(index));
        }))]);
    }

    /// <summary>One that is behind, so that no recursion has no end.</summary>
    private uint Callee(int index) => (uint)(FirstFunction + index + 1 + random.Below(Functions - index));

    private void Statement(GoShapeCode block, int frame)
    {
        switch (random.Below(6))
        {
            case 0:
                block.Raw.Op(Opcode.Call, random.Chance(25) ? 0 : FirstLeaf + (uint)random.Below(Leaves)).Op(Opcode.GlobalGet, 0).Set(1);
                break;
            case 1:
                // SP before the call waits on the operand stack.
                block.Raw.Get(1).Op(Opcode.Call, FirstLeaf + (uint)random.Below(Leaves)).Op(Opcode.GlobalGet, 0).Set(1).I64(random.Below(100)).Op(Opcode.I64Store, 3).U32(8);
                break;
            case 2:
                block.Raw.I32((int)FirstLeaf + random.Below(Leaves)).Op(Opcode.CallIndirect, GoShapeModule.Plain).U32(0).Op(Opcode.GlobalGet, 0).Set(1);
                break;
            case 3:
                block.Raw.I32(0x100 + (8 * random.Below(8))).Get(1).Op(Opcode.I32Store, 2).U32(0);
                break;
            case 4:
                block.Raw.Op(Opcode.GlobalGet, 0).Set(1);
                break;
            default:
                block.Add((uint)(8 * random.Below((frame / 8) + 2)), random.Between(1, 99));
                break;
        }
    }
}
