using PluginHost.Fuzz.Cases;
using PluginHost.Wasm.Binary;

namespace PluginHost.Fuzz.Generation.Shape;

/// <summary>
/// Makes modules by chance in which every function has Go's shape, so that the compiler takes nearly all of them, but what they call moves SP, grows the memory
/// or comes back in through an import. Behind every call SP is loaded again. No function calls one before it, and all jumps back are counted, so that every call ends.
/// </summary>
internal sealed class GoShapeProgram(FuzzRandom random, GoShapeImport import)
{
    /// <summary>Where SP stands when a function is called: in the middle, at the ends of the memory, at those of the address space.</summary>
    public static readonly uint[] EdgesOfSp =
        [0x8000, 0x8001, 0, 8, 40, 64, 512, 65_536 - 1024, 65_536 - 512, 65_536 - 48, 65_536 - 8, 65_536, 65_600, 131_072 - 16, 0x7FFF_FFF8, 0x8000_0000, 0xFFFF_FE00, 0xFFFF_FFD8, 0xFFFF_FFF8, uint.MaxValue];

    private const int Leaves = 4;
    private const int Functions = 4;
    private const uint FirstLeaf = 1;
    private const uint WideLeaf = FirstLeaf + Leaves;
    private const uint Barrier = WideLeaf + 1;
    private const uint FirstFunction = Barrier + 1;
    private const uint Last = FirstFunction + Functions;
    private const uint Unwinder = Last + 1;
    private const uint Odd = Unwinder + 1;

    /// <summary>The function to call: it calls the others, which are behind it.</summary>
    public const uint Main = FirstFunction;

    /// <summary>Whether helpers leave SP where it is, so that the program comes further.</summary>
    private readonly bool _isHonest = random.Chance(60);

    public GoShapeModule Create()
    {
        var module = new GoShapeModule().Import(import.Name, import.Type, import.Module);

        for (var i = 0; i < Leaves; i++)
            module.Leaf(Leaf());

        module.Leaf(Leaf().Get(0).I64(random.Between(-3, 300)).Op(random.Pick(Opcode.I64Add, Opcode.I64Mul, Opcode.I64Xor)), GoShapeModule.Wide);
        module.Leaf(CallInTheMiddle());

        for (var i = 0; i < Functions; i++)
            module.Function(GoShapeModule.Go, Function(i));

        module.Function(GoShapeModule.Go, (new GoShapeFunction() with { HasExit = false }).Write(block => block.Push(16).Add(0, 7).Add(24, 1).Pop(24).Return()));
        module.Function(GoShapeModule.Go, (new GoShapeFunction() with { HasExit = false }).Write(block => block.Raw.I32(1).Op(Opcode.Return)));

        // A callee that is not Go's, and returns what is left of global 1.
        module.Function(GoShapeModule.Go, [0, .. Leaf().Op(Opcode.GlobalGet, 1).I64(3).Op(Opcode.I64And).Op(Opcode.I64Eqz).Op(Opcode.End).ToArray()]);

        for (var i = 0; i < Functions; i++)
            module.Leaf(Entry(FirstFunction + (uint)i), GoShapeModule.Wide, $"run{i}");

        return module.Leaf(new CodeWriter().I32((int)random.Pick<uint>(EdgesOfSp)).Op(Opcode.GlobalSet, 0).I64(random.Below(10)).Op(Opcode.GlobalSet, 1), GoShapeModule.Plain, FuzzCase.Refill);
    }

    /// <summary>Something that Go's own helpers do not do.</summary>
    private CodeWriter Leaf()
    {
        var code = new CodeWriter();

        switch (_isHonest ? random.Between(4, 7) : random.Below(7))
        {
            case 0:
                return code.I32((int)random.Pick<uint>(EdgesOfSp)).Op(Opcode.GlobalSet, 0);
            case 1 or 2:
                return code.Op(Opcode.GlobalGet, 0).I32(random.Pick(-8, 8, 16, -512, 4096, 65_536)).Op(Opcode.I32Add).Op(Opcode.GlobalSet, 0);
            case 3:
                return code.Op(Opcode.GlobalGet, 0).I64(0x5555).Op(Opcode.I64Store, 3).U32((uint)random.Pick(0, 8, 65_528));
            case 4:
                return code.I32(1).Op(Opcode.MemoryGrow, 0).Op(Opcode.Drop);
            case 5:
                return code.Op(Opcode.GlobalGet, 1).I64(random.Below(3)).Op(Opcode.I64Sub).Op(Opcode.GlobalSet, 1);
            default:
                return code.I32(0x200).Op(Opcode.GlobalGet, 1).Op(Opcode.I64Store, 3).U32(0);
        }
    }

    /// <summary>As Go's write barriers are: not in Go's convention, but calling a function that is, which must return.</summary>
    private static CodeWriter CallInTheMiddle() => new CodeWriter()
        .Op(Opcode.GlobalGet, 0).I32(24).Op(Opcode.I32Sub).Op(Opcode.GlobalSet, 0)
        .Op(Opcode.GlobalGet, 0).I64(0x4321).Op(Opcode.I64Store, 3).U32(0)
        .I32(0).Op(Opcode.Call, Last).Op(Opcode.If, 0x40).Op(Opcode.Unreachable).Op(Opcode.End)
        .Op(Opcode.GlobalGet, 0).I32(16).Op(Opcode.I32Add).Op(Opcode.GlobalSet, 0);

    /// <summary>Calls a function from outside with SP and the count of its jumps back taken from the argument, and twice more in the middle where it unwinds.</summary>
    private CodeWriter Entry(uint function)
    {
        var code = new CodeWriter().Get(0).I64(4).Op(Opcode.I64ShrU).I64(15).Op(Opcode.I64And).Op(Opcode.GlobalSet, 1);

        for (var i = 0; i < 4; i++)
        {
            code.Get(0).I64(3).Op(Opcode.I64And).I64(i).Op(Opcode.I64Eq).Op(Opcode.If, 0x40)
                .I32((int)(random.Chance(60) ? 0x8000U + (uint)(8 * random.Below(64)) : random.Pick<uint>(EdgesOfSp))).Op(Opcode.GlobalSet, 0).Op(Opcode.End);
        }

        code.I32(0).Op(Opcode.Call, function);

        for (var i = 0; i < 2; i++)
            code.Op(Opcode.If, 0x7F).I32(random.Below(7)).Op(Opcode.Call, function).Op(Opcode.Else).I32(0).Op(Opcode.End);

        return code.Op(Opcode.I64ExtendI32U);
    }

    private byte[] Function(int index)
    {
        var writer = new GoShapeFunctionWriter(random, new GoShapeCallees(
            Leaves: [.. Enumerable.Range((int)FirstLeaf, Leaves).Select(leaf => (uint)leaf), Barrier],
            WideLeaf,
            Behind: [.. Enumerable.Range((int)FirstFunction + index + 1, Functions - index - 1).Select(function => (uint)function), Last, Odd],
            Unwinder,
            import.Type));

        return writer.Write();
    }
}
