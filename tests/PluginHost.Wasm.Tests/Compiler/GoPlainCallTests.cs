using PluginHost.Fuzz.Generation;
using PluginHost.Fuzz.Generation.Shape;
using PluginHost.Wasm.Binary;
using PluginHost.Wasm.Compiler;
using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Wasm.Tests.Compiler;

/// <summary>Functions of Go's that call what is not in Go's convention, and moves SP to where their frame does not lie in the memory: which they may never touch again.</summary>
public sealed class GoPlainCallTests
{
    // What a victim calls: imports first.
    private const uint MovingHelper = 2;
    private const uint WideHelper = 3;
    private const uint Callee = 4;
    private const uint Victim = 5;

    public static TheoryData<string, uint> MovesOutOfReach
    {
        get
        {
            var data = new TheoryData<string, uint>();

            foreach (var victim in s_victims.Keys)
            {
                foreach (var sp in (uint[])[0, 8, 40, 65_536 - 512, 65_536 - 24, 65_536 - 8, 65_536, 0x8000_0000, 0xFFFF_FFE8, 0xFFFF_FFF8, uint.MaxValue])
                    data.Add(victim, sp);
            }

            return data;
        }
    }

    /// <summary>What the victim has to remember while a helper moves SP: locals, operands, a result, the way it came.</summary>
    private static readonly Dictionary<string, byte[]> s_victims = new(StringComparer.Ordinal)
    {
        ["nothing is read"] = Alone(block =>
        {
            block.Push(24);
            Move(block.Raw);
            block.Return();
        }),
        ["locals are read"] = Alone(block =>
        {
            block.Push(24).Raw.I64(0x1234_5678_9ABC).Set(2).I64(-3).Set(3).I32(0x77).Set(4);
            Move(block.Raw);
            block.Raw.I32(0x100).Get(2).Op(Opcode.I64Store, 3).U32(0).I32(0x100).Get(4).Op(Opcode.I32Store, 2).U32(8).I64(5).Set(3).I32(0x100).Get(3).Op(Opcode.I64Store, 3).U32(16);
            block.Pop(32).Return();
        }),
        ["operands wait"] = Alone(block =>
        {
            block.Push(24).Raw.I64(41).Set(2).I32(0x100).Get(1).Get(2).I64(1).Op(Opcode.I64Add).I64(9);
            Move(block.Raw);
            block.Raw.Op(Opcode.I64Mul).Get(2).Op(Opcode.I64Sub).Op(Opcode.GlobalSet, 1).Op(Opcode.I32Store, 2).U32(0);
            block.Pop(32).Return();
        }),
        ["the helper gives a result"] = Alone(block =>
        {
            block.Push(24).Raw.I32(0x100).Get(1).Op(Opcode.I64ExtendI32U).Op(Opcode.Call, WideHelper).Op(Opcode.GlobalGet, 0).Set(1).Op(Opcode.I64Store, 3).U32(0);
            block.Pop(32).Return();
        }),
        ["the frame is read behind another store"] = Alone(block =>
        {
            block.Push(40).Add(8, 5);
            Move(block.Raw);
            block.Raw.I32(0x108).I64(0x2222).Op(Opcode.I64Store, 3).U32(0);
            block.Add(16, 7).Add(32, 1).Pop(48).Return();
        }),
        ["the helper is called where something holds"] = Alone(block =>
        {
            block.Push(24).Raw.I64(7).Set(2).Op(Opcode.GlobalGet, 1).I64(1).Op(Opcode.I64And).Op(Opcode.I32WrapI64);
            block.If(then =>
            {
                then.Raw.I64(8).Set(3);
                Move(then.Raw);
                then.Raw.I32(0x100).Get(3).Op(Opcode.I64Store, 3).U32(0);
            });
            block.Raw.I32(0x108).Get(2).Op(Opcode.I64Store, 3).U32(0);
            block.Pop(32).Return();
        }),
        ["blocks follow"] = new GoShapeFunction().Write(
            block => block.Push(32).Call(Callee),
            block =>
            {
                block.Raw.I64(11).Set(2).I64(12).Set(3);
                Move(block.Raw);
                block.Raw.I64(13).Set(3).Get(2).Op(Opcode.I64Eqz);
                block.If(then => then.Jump(3)).Call(Callee);
            },
            block =>
            {
                block.Raw.I64(14).Set(2);
                Move(block.Raw);
                block.Repeat(1).Raw.I32(0x100).Get(2).Op(Opcode.I64Store, 3).U32(0);
                block.Jump(3);
            },
            block => block.Pop(40).Return()),
        ["the selector is kept"] = Alone(block =>
        {
            block.Push(24).Raw.I32(3).Set(0);
            Move(block.Raw);
            block.Raw.I32(0x100).Get(0).Op(Opcode.I32Store, 2).U32(0).Get(4).Set(0);
            Move(block.Raw);
            block.Raw.I32(0x104).Get(0).Op(Opcode.I32Store, 2).U32(0);
            block.Pop(32).Return();
        }),
        ["through the table"] = Alone(block =>
        {
            block.Push(24).Raw.I32(0x100).Get(1).Op(Opcode.I64ExtendI32U).I32((int)WideHelper).Op(Opcode.CallIndirect, GoShapeModule.Wide).U32(0).Op(Opcode.GlobalGet, 0).Set(1).Op(Opcode.I64Store, 3).U32(0);
            block.Raw.I32((int)MovingHelper).Op(Opcode.CallIndirect, GoShapeModule.Plain).U32(0).Op(Opcode.GlobalGet, 0).Set(1);
            block.Pop(32).Return();
        }),
        ["through an import"] = Alone(block =>
        {
            block.Push(24).Raw.I64(21).Set(2).Op(Opcode.Call, 0).Op(Opcode.GlobalGet, 0).Set(1).I32(0x100).Get(2).Op(Opcode.I64Store, 3).U32(0);
            block.Pop(32).Return();
        }),
        ["through an import in Go's convention"] = Alone(block =>
        {
            block.Push(24).Raw.I64(22).Set(2).I32(0x100).I32(5).Op(Opcode.Call, 1).Op(Opcode.GlobalGet, 0).Set(1).Op(Opcode.I32Store, 2).U32(0).I32(0x108).Get(2).Op(Opcode.I64Store, 3).U32(0);
            block.Pop(32).Return();
        }),
    };

    [Theory]
    [MemberData(nameof(MovesOutOfReach))]
    public void PlainCall_MovesSpOutOfReach_GoesOnAsInterpreted(string victim, uint sp)
    {
        var module = new GoShapeModule()
            .Import("move", GoShapeModule.Plain)
            .Import("moveAndGive", GoShapeModule.Go)
            .Leaf(new CodeWriter().I32((int)sp).Op(Opcode.GlobalSet, 0))
            .Leaf(new CodeWriter().I32((int)sp).Op(Opcode.GlobalSet, 0).Get(0).I64(3).Op(Opcode.I64Mul), GoShapeModule.Wide)
            .Function(GoShapeModule.Go, (new GoShapeFunction() with { HasExit = false }).Write(block => block.Pop(8).Return()))
            .Function(GoShapeModule.Go, s_victims[victim]);

        AssertTaken(module, Victim);
        Assert.Equal(0, CompiledEngine.Instance.Prepare(WasmModule.Load(module.ToArray())).Statistics().Faults);
        TierComparison.AssertSame(module, Victim, other: 3, stacks: [0x8000, 0x9000], mayTrapAlways: true, host: new(StringComparer.Ordinal)
        {
            ["move"] = (ref call) => ((Global)call.Instance.Export("sp")).Value = sp,
            ["moveAndGive"] = (ref call) =>
            {
                ((Global)call.Instance.Export("sp")).Value = sp;
                call.Return((sp & 8) == 0 ? 0UL : 0x55);
            },
        });
    }

    [Fact]
    public void PlainCall_WithMoreOperandsThanAreKept_GoesOnAsInterpreted()
    {
        var module = new GoShapeModule()
            .Leaf(new CodeWriter().I32(-8).Op(Opcode.GlobalSet, 0))
            .Function(GoShapeModule.Go, Alone(block =>
            {
                block.Push(24);

                for (var i = 0; i < 100; i++)
                    block.Raw.Op(Opcode.GlobalGet, 1).I64(i).Op(Opcode.I64Add);

                block.Raw.Op(Opcode.Call, 0).Op(Opcode.GlobalGet, 0).Set(1);

                for (var i = 0; i < 99; i++)
                    block.Raw.Op(Opcode.I64Xor);

                block.Raw.Op(Opcode.GlobalSet, 1);
                block.Pop(32).Return();
            }));

        AssertTaken(module, 1);
        TierComparison.AssertSame(module, 1, other: 3);
    }

    /// <summary>Global 0 is assigned what is not SP, and loaded as SP again behind a call: such a function is none of Go's, and no reason not to compile others.</summary>
    [Fact]
    public void PlainCall_OfAFunctionThatHasLostSp_IsNotTaken()
    {
        var module = new GoShapeModule()
            .Leaf(new CodeWriter())
            .Function(GoShapeModule.Go, Alone(block =>
            {
                block.Push(24).Raw.I32(0x7000).Op(Opcode.GlobalSet, 0).Op(Opcode.Call, 0).Op(Opcode.GlobalGet, 0).Set(1);
                block.Add(8, 1).Pop(32).Return();
            }));

        Assert.Null(new GoFunctions(WasmModule.Load(module.ToArray())).Find(1));
        Assert.Equal(0, CompiledEngine.Instance.Prepare(WasmModule.Load(module.ToArray())).Statistics().Faults);
        TierComparison.AssertSame(module, 1);
    }

    private static void AssertTaken(GoShapeModule module, uint function) => Assert.NotNull(new GoFunctions(WasmModule.Load(module.ToArray())).Find(function));

    private static byte[] Alone(Action<GoShapeCode> block) => (new GoShapeFunction() with { HasExit = false }).Write(block);

    private static void Move(CodeWriter code) => code.Op(Opcode.Call, MovingHelper).Op(Opcode.GlobalGet, 0).Set(1);
}
