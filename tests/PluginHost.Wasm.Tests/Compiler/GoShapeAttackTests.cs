using PluginHost.Fuzz.Cases;
using PluginHost.Fuzz.Generation;
using PluginHost.Fuzz.Generation.Shape;
using PluginHost.Wasm.Binary;
using PluginHost.Wasm.Compiler;
using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Wasm.Tests.Compiler;

/// <summary>Modules that look like Go's and do not behave like them: what the compiler makes of Go's shape must not be seen in results, memory or traps.</summary>
public sealed class GoShapeAttackTests
{
    private const uint Helper = 0;
    private const uint Victim = 1;

    public static TheoryData<string, uint> Moves
    {
        get
        {
            var data = new TheoryData<string, uint>();

            foreach (var callee in s_callees.Keys)
            {
                foreach (var sp in (uint[])[0, 8, 64, 0x7FF0, 0x8008, 0xF000, 65_528, 65_536, 131_056, 0x8000_0000, 0xFFFF_FFE0, uint.MaxValue])
                    data.Add(callee, sp);
            }

            return data;
        }
    }

    /// <summary>What the victim calls, in Go's convention, and what it gives.</summary>
    private static readonly Dictionary<string, Func<uint, byte[]>> s_callees = new(StringComparer.Ordinal)
    {
        ["returns 0"] = sp => Plain(sp, new CodeWriter().I32(0)),
        ["returns 1"] = sp => Plain(sp, new CodeWriter().I32(1)),
        ["returns what is neither"] = sp => Plain(sp, new CodeWriter().I32(-7)),
        ["grows the memory and returns 0"] = sp => Plain(sp, new CodeWriter().I32(1).Op(Opcode.MemoryGrow, 0).Op(Opcode.Drop).I32(0)),
    };

    [Theory]
    [MemberData(nameof(Moves))]
    public void Call_OfAFunctionThatMovesSp_GoesOnAsInterpreted(string callee, uint sp)
    {
        var module = new GoShapeModule()
            .Function(GoShapeModule.Go, s_callees[callee](sp))
            .Function(GoShapeModule.Go, new GoShapeFunction().Write(
                block => block.Push(32).Add(8, 5).Call(Helper),
                block => block.Add(16, 3).Repeat(1).Pop(40).Return()));

        AssertTaken(module, Victim);
        TierComparison.AssertSame(module, Victim, other: 3, stacks: [0x8000, 0x9000, 8, 65_528]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(48)]
    [InlineData(0x7000)]
    [InlineData(0x8001)]
    [InlineData(64_900)]
    public void PlainCall_MovesSpWithinReach_GoesOnAsInterpreted(int sp)
    {
        var module = new GoShapeModule()
            .Leaf(new CodeWriter().I32(sp).Op(Opcode.GlobalSet, 0))
            .Function(GoShapeModule.Go, Reader(code => code.Op(Opcode.Call, Helper)));

        AssertTaken(module, Victim);
        TierComparison.AssertSame(module, Victim);
    }

    /// <summary>Where the address of SP has a local of its own.</summary>
    [Theory]
    [InlineData(48)]
    [InlineData(0x7000)]
    [InlineData(64_900)]
    public void PlainCall_InALongFunction_MovesSp_GoesOnAsInterpreted(int sp)
    {
        var module = new GoShapeModule()
            .Leaf(new CodeWriter().I32(sp).Op(Opcode.GlobalSet, 0))
            .Function(GoShapeModule.Go, (new GoShapeFunction() with { HasExit = false }).Write(
                block =>
                {
                    block.Push(40);

                    for (var i = 0; i < 1_000; i++)
                        block.Add((uint)(8 * (i % 4)), i);

                    block.Raw.Get(1).Op(Opcode.Call, Helper).Op(Opcode.GlobalGet, 0).Set(1).I64(0x1111).Op(Opcode.I64Store, 3).U32(24);
                    block.Add(16, 7);
                },
                block => block.Add(8, 5).Pop(48).Return()));

        AssertTaken(module, Victim);
        Assert.Equal(0, ExecutionEngines.Named("compiled").Prepare(WasmModule.Load(module.ToArray())).Statistics().Refused);
        TierComparison.AssertSame(module, Victim, stacks: [0x8000, 0x8001, 64, 65_528]);
    }

    [Fact]
    public void PlainCall_ThroughTheTable_MovesSp_GoesOnAsInterpreted()
    {
        var module = new GoShapeModule()
            .Leaf(new CodeWriter().Op(Opcode.GlobalGet, 0).I32(24).Op(Opcode.I32Add).Op(Opcode.GlobalSet, 0))
            .Function(GoShapeModule.Go, Reader(code => code.I32((int)Helper).Op(Opcode.CallIndirect, GoShapeModule.Plain).U32(0)));

        AssertTaken(module, Victim);
        TierComparison.AssertSame(module, Victim, stacks: [0x8000, 0x8001, 64, 0xF000, 0xFFFF_FFF8]);
    }

    [Theory]
    [InlineData(0x100)]
    [InlineData(0xF000)]
    [InlineData(0x1_2000)]
    public void Import_AssignsSpAndGrowsTheMemory_GoesOnAsInterpreted(int sp)
    {
        var module = new GoShapeModule()
            .Import("move", GoShapeModule.Plain)
            .Function(GoShapeModule.Go, Reader(code => code.Op(Opcode.Call, 0)));

        AssertTaken(module, Victim);
        TierComparison.AssertSame(module, Victim, host: new(StringComparer.Ordinal)
        {
            ["move"] = (ref call) =>
            {
                call.Memory.Grow(1);
                ((Global)call.Instance.Export("sp")).Value = (ulong)sp;
            },
        });
    }

    [Fact]
    public void Import_InGosConvention_MovesSpAndReturnsAnything_GoesOnAsInterpreted()
    {
        var module = new GoShapeModule()
            .Import("move", GoShapeModule.Go)
            .Function(GoShapeModule.Go, new GoShapeFunction().Write(
                block =>
                {
                    block.Push(24).Add(0, 1).Raw.I32(3).Op(Opcode.Call, 0).Op(Opcode.GlobalGet, 0).Set(1).Op(Opcode.If, 0x40).Op(Opcode.GlobalGet, 1).I64(9).Op(Opcode.I64Add).Op(Opcode.GlobalSet, 1).Op(Opcode.End);
                    block.Add(8, 2).Pop(32).Return();
                }));

        var calls = 0;
        TierComparison.AssertSame(module, Victim, host: new(StringComparer.Ordinal)
        {
            ["move"] = (ref call) =>
            {
                ((Global)call.Instance.Export("sp")).Value += 16;
                call.Return(call.Memory.Span(0, 1)[0] + (calls++ & 0));
            },
        });
    }

    [Fact]
    public void Import_ComesBackIn_GoesOnAsInterpreted()
    {
        // The host calls the helper, in Go's convention, in the middle of the victim.
        var module = new GoShapeModule()
            .Import("back", GoShapeModule.Plain)
            .Function(GoShapeModule.Go, Reader(code => code.Op(Opcode.Call, 0)))
            .Function(GoShapeModule.Go, (new GoShapeFunction() with { HasExit = false }).Write(block => block.Push(16).Add(0, 77).Pop(32).Return()));

        AssertTaken(module, Victim);
        TierComparison.AssertSame(module, Victim, host: new(StringComparer.Ordinal) { ["back"] = BackIn("f2") }, stacks: [0x8000, 0x8008, 0xF000, 64]);
    }

    [Fact]
    public void Programs_ByChance_DoAsInterpreted()
    {
        var taken = 0;

        for (var seed = 0; seed < 30; seed++)
        {
            var module = new GoShapeProgram(new FuzzRandom(seed), GoShapeImport.Back).Create();
            var functions = new GoFunctions(WasmModule.Load(module.ToArray()));
            taken += functions.Find(GoShapeProgram.Main) is null ? 0 : 1;

            try
            {
                var host = new Dictionary<string, HostCallback>(StringComparer.Ordinal) { [GoShapeImport.Back.Name] = BackIn($"f{GoShapeProgram.Main + 1}") };
                TierComparison.AssertSame(module, GoShapeProgram.Main, other: 4, host, [0x8000, 0x8004, 64, 65_536 - 64, 0xFFFF_FFF0], mayTrapAlways: true);
            }
            catch (Xunit.Sdk.XunitException failure)
            {
                throw new InvalidOperationException($"seed {seed}", failure);
            }
        }

        Assert.True(taken > 20, $"{taken}");
    }

    /// <summary>Local 1 keeps what SP was when a function that is not called in Go's convention moves global 0: compiled code would take both for the same.</summary>
    [Fact]
    public void PlainCall_SpIsNotLoadedAgain_IsNotTaken()
    {
        var module = new GoShapeModule()
            .Leaf(new CodeWriter().I32(0x9000).Op(Opcode.GlobalSet, 0))
            .Function(GoShapeModule.Go, (new GoShapeFunction() with { HasExit = false }).Write(block =>
            {
                block.Push(24).Raw.Op(Opcode.Call, Helper);
                block.Pop(32).Return();
            }));

        Assert.Null(new GoFunctions(WasmModule.Load(module.ToArray())).Find(Victim));
        Assert.Contains("sp 0x8008", First("interpreter"), StringComparison.Ordinal);
        Assert.Contains("sp 0x8008", First("compiled"), StringComparison.Ordinal);

        string First(string engine) => TierComparison.Run(engine, module.ToArray(), Victim, 0, null, [0x8000])[0];
    }

    private static void AssertTaken(GoShapeModule module, uint function) => Assert.NotNull(new GoFunctions(WasmModule.Load(module.ToArray())).Find(function));

    private static HostCallback BackIn(string export) => (ref call) =>
    {
        Assert.True(call.Instance.TryGetFunction(export, out var function));
        call.Instance.Invoke(function, [0], new ulong[1]);
    };

    private static byte[] Plain(uint sp, CodeWriter result) => [0, .. new CodeWriter().I32((int)sp).Op(Opcode.GlobalSet, 0).Raw(result.ToArray()).Op(Opcode.End).ToArray()];

    /// <summary>A function of Go's that touches its frame, does something in between, and touches it again, through SP before and SP now.</summary>
    private static byte[] Reader(Action<CodeWriter> between) => (new GoShapeFunction() with { HasExit = false }).Write(block =>
    {
        block.Push(40).Add(8, 5).Raw.Get(1);
        between(block.Raw);
        block.Raw.Op(Opcode.GlobalGet, 0).Set(1).I64(0x1111).Op(Opcode.I64Store, 3).U32(24);
        block.Add(16, 7).Pop(48).Return();
    });
}
