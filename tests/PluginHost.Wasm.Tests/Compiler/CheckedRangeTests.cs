using PluginHost.Fuzz.Generation;
using PluginHost.Fuzz.Generation.Shape;
using PluginHost.Wasm.Binary;
using PluginHost.Wasm.Compiler;
using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Wasm.Tests.Compiler;

/// <summary>
/// Accesses through one pointer are checked together, and where that fails the function goes on interpreted: a pointer at either end of the memory or of the
/// address space does what it does in the interpreter, down to the stores that a trap comes after.
/// </summary>
public sealed class CheckedRangeTests
{
    private const uint Function = 1;
    private const uint Pointer = 2;
    private const uint Sum = 3;
    private const uint Narrow = 4;

    public static TheoryData<string> Shapes => new(s_shapes.Keys);

    /// <summary>Functions that reach memory through global 1; function 0 grows the memory.</summary>
    private static readonly Dictionary<string, byte[]> s_shapes = new(StringComparer.Ordinal)
    {
        ["fields by offset, upwards"] = Sums((0, 0), (0, 8), (0, 24)),
        ["fields by offset, downwards"] = Sums((0, 48), (0, 16), (0, 0)),
        ["fields by sums that wrap"] = Sums((0, 0), (8, 0), (40, 0)),
        ["fields by sums and offsets"] = Sums((16, 8), (-32, 40), (-8, 4)),
        ["fields below the pointer"] = Sums((-8, 0), (-64, 0), (-16, 0)),
        ["fields of other widths"] = Body(block =>
        {
            Start(block);
            block.Raw.Get(Pointer).Op(Opcode.I32WrapI64).Op(Opcode.I64Load8U, 0).U32(5);
            block.Raw.Get(Pointer).Op(Opcode.I32WrapI64).Op(Opcode.I64Load16S, 0).U32(1).Op(Opcode.I64Add);
            block.Raw.Get(Pointer).Op(Opcode.I32WrapI64).Op(Opcode.I64Load32U, 0).U32(8).Op(Opcode.I64Add).Set(Sum);
            End(block);
        }),
        ["stores before and behind"] = Body(block =>
        {
            Start(block);
            Store(block.Raw, 0, 1);
            Store(block.Raw, 8, 2);
            Store(block.Raw, 16, 3);
            block.Raw.Op(Opcode.GlobalGet, 1).I64(7).Op(Opcode.I64Add).Op(Opcode.GlobalSet, 1);
            Store(block.Raw, 24, 4);
            End(block);
        }),
        ["a store over what is read next"] = Body(block =>
        {
            Start(block);
            block.Raw.Get(Pointer).Op(Opcode.I32WrapI64);
            Load(block.Raw, 8).I64(3).Op(Opcode.I64Add).Op(Opcode.I64Store, 0).U32(8);
            block.Raw.Get(Pointer).Op(Opcode.I32WrapI64);
            Load(block.Raw, 8).Op(Opcode.I64Store, 0).U32(32);
            Load(block.Raw, 32).Set(Sum);
            End(block);
        }),
        ["another local holds the pointer"] = Body(block =>
        {
            Start(block);
            block.Raw.Get(Pointer).I64(24).Op(Opcode.I64Add).Set(Sum);
            block.Raw.Get(Sum).Op(Opcode.I32WrapI64).Get(Pointer).Op(Opcode.I64Store, 0).U32(0);
            block.Raw.Get(Sum).Op(Opcode.I32WrapI64).I64(9).Op(Opcode.I64Store, 0).U32(16);
            Load(block.Raw, 0).Set(Sum);
            End(block);
        }),
        ["the pointer is assigned in between"] = Body(block =>
        {
            Start(block);
            Store(block.Raw, 0, 1);
            Store(block.Raw, 8, 2);
            block.Raw.Get(Pointer).I64(16).Op(Opcode.I64Sub).Set(Pointer);
            Store(block.Raw, 0, 3);
            Store(block.Raw, 40, 4);
            End(block);
        }),
        ["32-bit pointer"] = Body(block =>
        {
            Start(block);
            block.Raw.Get(Pointer).Op(Opcode.I32WrapI64).Set(Narrow);
            block.Raw.Get(Narrow).I64(5).Op(Opcode.I64Store, 0).U32(0);
            block.Raw.Get(Narrow).I32(12).Op(Opcode.I32Add).I64(6).Op(Opcode.I64Store, 0).U32(0);
            block.Raw.Get(Narrow).I32(4).Op(Opcode.I32Sub).I64(7).Op(Opcode.I64Store, 0).U32(0);
            End(block);
        }),
        ["an arm that leaves in between"] = Body(
            block =>
            {
                Start(block);
                Store(block.Raw, 0, 1);
                block.Raw.Get(Pointer).I64(64).Op(Opcode.I64And).Op(Opcode.I64Eqz);
                block.If(then =>
                {
                    Store(then.Raw, 96, 5);
                    then.Jump(1);
                });
                Store(block.Raw, 8, 2);
                Store(block.Raw, 48, 3);
            },
            block => End(block)),
        ["an arm that comes back"] = Body(block =>
        {
            Start(block);
            Store(block.Raw, 0, 1);
            Store(block.Raw, 8, 1);
            block.Raw.Get(Pointer).I64(1).Op(Opcode.I64And).Op(Opcode.I32WrapI64);
            block.If(then => then.Raw.Get(Pointer).I64(8).Op(Opcode.I64Sub).Set(Pointer));
            Store(block.Raw, 16, 2);
            Store(block.Raw, 48, 3);
            End(block);
        }),
        ["a loop over structs"] = Body(
            block => Start(block),
            block =>
            {
                Load(block.Raw, 0);
                Load(block.Raw, 8).Op(Opcode.I64Add).Get(Sum).Op(Opcode.I64Add).I64(1).Op(Opcode.I64Add).Set(Sum);
                Store(block.Raw, 16, 3);
                block.Raw.Get(Pointer).I64(24).Op(Opcode.I64Add).Set(Pointer);
                block.Raw.Get(Sum).I64(5).Op(Opcode.I64LtU);
                block.If(then => then.Jump(1));
            },
            block => End(block)),
        ["the memory grows in between"] = Body(block =>
        {
            Start(block);
            Store(block.Raw, 0, 1);
            block.Raw.I32(1).Op(Opcode.MemoryGrow, 0).Op(Opcode.Drop);
            Store(block.Raw, 8, 2);
            Store(block.Raw, 64, 3);
            End(block);
        }),
        ["a call grows the memory in between"] = Body(block =>
        {
            Start(block);
            Store(block.Raw, 0, 1);
            block.Raw.Op(Opcode.Call, 0).Op(Opcode.GlobalGet, 0).Set(1);
            Store(block.Raw, 8, 2);
            Store(block.Raw, 64, 3);
            End(block);
        }),
        ["a division that traps in between"] = Body(block =>
        {
            Start(block);
            Store(block.Raw, 0, 1);
            block.Raw.I64(100).Get(Pointer).I64(3).Op(Opcode.I64And).Op(Opcode.I64DivU).Set(Sum);
            Store(block.Raw, 8, 2);
            Store(block.Raw, 64, 3);
            End(block);
        }),
        ["entered in the middle"] = new GoShapeFunction().Write(
            block => Start(block).Call(2),
            block =>
            {
                block.Raw.Op(Opcode.GlobalGet, 1).Set(Pointer);
                Store(block.Raw, 0, 1);
                Store(block.Raw, 32, 2);
                Load(block.Raw, 16).Set(Sum);
                End(block);
            }),
        ["the selector is read"] = Body(
            block =>
            {
                Start(block);
                block.Raw.I32(1).Set(0);
                Store(block.Raw, 0, 1);
                Store(block.Raw, 8, 2);
                block.Raw.Get(0).Op(Opcode.I64ExtendI32U).Set(Sum);
                End(block);
            }),
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Pointer_AtTheMemorysEnds_DoesAsInterpreted(string shape)
    {
        var module = Module(shape);
        Assert.NotEmpty(Plan(module).Ranges);

        TierComparison.AssertSameFor(module, Function, [.. Pointers()], stacks: [0x8000], rounds: 2);
    }

    /// <summary>In a memory that did not grow yet.</summary>
    [Theory]
    [InlineData("the memory grows in between")]
    [InlineData("a call grows the memory in between")]
    public void Pointer_BehindTheMemorysEnd_IsInsideAfterGrowth(string shape)
    {
        for (var distance = -73; distance <= -8; distance++)
            TierComparison.AssertSameFor(Module(shape), Function, [(ulong)(LinearMemory.PageSize + distance)], stacks: [0x8000], rounds: 1);
    }

    [Fact]
    public void Pointer_BehindWaysThatMeet_IsCheckedAnew()
    {
        var module = new GoShapeModule().Leaf(new CodeWriter()).Function(GoShapeModule.Go, Body(
            block =>
            {
                Start(block);
                Store(block.Raw, 0, 1);
            },
            block =>
            {
                Store(block.Raw, 8, 1);
                block.Repeat(1);
            },
            block => End(block)));

        Assert.Empty(Plan(module).Ranges);
    }

    [Fact]
    public void Accesses_FromSp_AreLeftToItsOwnCheck()
    {
        var module = new GoShapeModule().Leaf(new CodeWriter()).Function(GoShapeModule.Go, Body(block => block.Push(64).Add(8, 1).Add(32, 2).Pop(72).Return()));

        Assert.Empty(Plan(module).Ranges);
    }

    private static IEnumerable<ulong> Pointers()
    {
        for (var distance = -104; distance <= 8; distance += distance is > -74 and < -40 ? 3 : 1)
            yield return (ulong)(LinearMemory.PageSize + distance);

        foreach (var low in (uint[])[0, 1, 4, 7, 8, 15, 16, 32, 63, 64, 65, 0x2000, 0x7FFF_FFF8, 0xFFFF_FFC0, 0xFFFF_FFD8, 0xFFFF_FFE7, 0xFFFF_FFE8, 0xFFFF_FFF0, 0xFFFF_FFF8, uint.MaxValue])
        {
            yield return low;
            yield return low | 0xFFFF_FFFF_0000_0000;
        }
    }

    private static GoShapeModule Module(string shape) => new GoShapeModule()
        .Leaf(new CodeWriter().I32(1).Op(Opcode.MemoryGrow, 0).Op(Opcode.Drop))
        .Function(GoShapeModule.Go, s_shapes[shape])
        .Function(GoShapeModule.Go, (new GoShapeFunction() with { HasExit = false }).Write(block => block.Pop(8).Return()));

    private static RangePlan Plan(GoShapeModule module)
    {
        var loaded = WasmModule.Load(module.ToArray());
        return RangePlanner.Plan(FunctionRecording.Of(loaded, Function), new GoFunctions(loaded).Find(Function)!, isResume: false, loaded);
    }

    /// <summary>Adds up fields, each at a distance from the pointer that wraps, and an offset that does not.</summary>
    private static byte[] Sums(params (int Distance, uint Offset)[] fields) => Body(block =>
    {
        Start(block);

        foreach (var (distance, offset) in fields)
        {
            block.Raw.Get(Sum).Get(Pointer).I64(distance).Op(Opcode.I64Add).Op(Opcode.I32WrapI64).Op(Opcode.I64Load, 0).U32(offset);
            block.Raw.Op(Opcode.I64Add).Set(Sum);
        }

        End(block);
    });

    private static byte[] Body(params Action<GoShapeCode>[] blocks) => (new GoShapeFunction() with { HasExit = false }).Write(blocks);

    /// <summary>A frame, and global 1 as the pointer.</summary>
    private static GoShapeCode Start(GoShapeCode block)
    {
        block.Push(24).Raw.Op(Opcode.GlobalGet, 1).Set(Pointer);
        return block;
    }

    /// <summary>Keeps the sum where it can be seen.</summary>
    private static void End(GoShapeCode block)
    {
        block.Raw.Get(Sum).Op(Opcode.GlobalSet, 1);
        block.Pop(32).Return();
    }

    private static CodeWriter Load(CodeWriter code, uint offset) => code.Get(Pointer).Op(Opcode.I32WrapI64).Op(Opcode.I64Load, 0).U32(offset);

    private static void Store(CodeWriter code, uint offset, long value) => code.Get(Pointer).Op(Opcode.I32WrapI64).I64(value).Op(Opcode.I64Store, 0).U32(offset);
}
