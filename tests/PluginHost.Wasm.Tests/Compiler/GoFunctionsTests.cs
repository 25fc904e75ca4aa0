using PluginHost.Fuzz.Generation;
using PluginHost.Fuzz.Generation.Shape;
using PluginHost.Wasm.Binary;
using PluginHost.Wasm.Compiler;
using PluginHost.Wasm.Modules;

namespace PluginHost.Wasm.Tests.Compiler;

/// <summary>What is taken for a function of Go's, and what is not although it nearly is one; either way it does what the interpreter has it do.</summary>
public sealed class GoFunctionsTests
{
    private const uint Callee = 0;
    private const uint Caller = 1;

    public static TheoryData<string> Accepted => new(s_accepted.Keys);

    public static TheoryData<string> NearMisses => new(s_nearMisses.Keys);

    /// <summary>Function 1; function 0 is one without calls that returns 0, function 2 one that always unwinds.</summary>
    private static readonly Dictionary<string, byte[]> s_accepted = new(StringComparer.Ordinal)
    {
        ["a call and what follows it"] = Usual(),
        ["a loop"] = new GoShapeFunction().Write(
            block => block.Push(24).Add(8, 5),
            block => block.Add(16, 3).Repeat(1).Call(Callee),
            block => block.Pop(32).Return()),
        ["a branch over a call"] = new GoShapeFunction().Write(
            block =>
            {
                block.Push(24).Raw.Get(1).Op(Opcode.I32Load, 2).U32(0).I32(4).Op(Opcode.I32And);
                block.If(then => then.Jump(2)).Call(Callee);
            },
            block => block.Add(8, 1),
            block => block.Add(8, 2).Pop(32).Return()),
        ["targets out of order"] = (new GoShapeFunction() with { Targets = [0, 2, 1, 0, 2] }).Write(
            block => block.Push(24).Call(Callee),
            block => block.Add(8, 1).Jump(1),
            block => block.Pop(32).Return()),
        ["no calls"] = (new GoShapeFunction() with { HasExit = false }).Write(block => block.Push(16).Add(0, 2).Pop(24).Return()),
        ["a tail call"] = new GoShapeFunction().Write(
            block => block.Push(16).Call(Callee),
            block =>
            {
                block.Pop(16);
                block.Raw.I32(0).Op(Opcode.Call, Callee).Op(Opcode.Return);
            }),
        ["a local that lives over a call that always unwinds"] = new GoShapeFunction().Write(
            block => block.Push(16).Raw.I64(7).Set(2),
            block =>
            {
                block.Raw.Get(1).Op(Opcode.I32Load, 2).U32(0).I32(1).Op(Opcode.I32And);
                block.If(then => then.Jump(3)).Call(2);
            },
            block => block.Raw.Op(Opcode.Unreachable),
            block =>
            {
                block.Raw.Get(1).Get(2).Op(Opcode.I64Store, 3).U32(8);
                block.Pop(24).Return();
            }),
        ["a local that is used within a block"] = new GoShapeFunction().Write(
            block =>
            {
                block.Push(16).Raw.Get(1).Op(Opcode.I64Load, 3).U32(8).Set(2).Get(1).Get(2).I64(3).Op(Opcode.I64Mul).Op(Opcode.I64Store, 3).U32(0);
                block.Call(Callee);
            },
            block => block.Pop(24).Return()),
        ["SP away from its global where nothing is called"] = Changed(code => code.Get(1).I32(16).Op(Opcode.I32Sub).Set(1)),
        ["a call of a table's element"] = new GoShapeFunction().Write(
            block => block.Push(16).CallElement((int)Callee),
            block => block.Add(8, 9).Pop(24).Return()),
    };

    private static readonly Dictionary<string, byte[]> s_nearMisses = new(StringComparer.Ordinal)
    {
        ["SP assigned from elsewhere"] = Changed(code => code.Get(4).Set(1)),
        ["SP computed from what was loaded"] = Changed(code => code.Get(1).Op(Opcode.I32Load, 2).U32(0).Tee(1).Op(Opcode.GlobalSet, 0)),
        ["SP away from its global at a call"] = new GoShapeFunction().Write(
            block =>
            {
                block.Push(16).Raw.Get(1).I32(8).Op(Opcode.I32Sub).Set(1).I32(0).Op(Opcode.Call, Callee).Op(Opcode.GlobalGet, 0).Set(1).Op(Opcode.BrIf, block.ExitDepth);
            },
            block => block.Pop(24).Return()),
        ["the global kept away from SP"] = Changed(code => code.Get(1).I32(16).Op(Opcode.I32Sub).Op(Opcode.GlobalSet, 0)),
        ["SP moved in one arm only"] = Changed(code => code.Get(1).Op(Opcode.I32Load, 2).U32(0).Op(Opcode.If, 0x40).Get(1).I32(8).Op(Opcode.I32Sub).Tee(1).Op(Opcode.GlobalSet, 0).Op(Opcode.End)),
        ["SP moved by two megabytes"] = Changed(code => code.Get(1).I32(1 << 21).Op(Opcode.I32Sub).Tee(1).Op(Opcode.GlobalSet, 0).Get(1).I32(1 << 21).Op(Opcode.I32Add).Tee(1).Op(Opcode.GlobalSet, 0)),
        ["the selector read"] = Changed(code => code.Get(0).Op(Opcode.Drop)),
        ["the selector stored"] = Changed(code => code.Get(1).Get(0).Op(Opcode.I32Store, 2).U32(8)),
        ["the selector set by a tee"] = Changed(code => code.I32(1).Tee(0).Op(Opcode.Drop)),
        ["a loop of its own"] = Changed(code => code.Op(Opcode.Loop, 0x40).Op(Opcode.End)),
        ["a block of its own"] = Changed(code => code.Op(Opcode.Block, 0x40).Op(Opcode.End)),
        ["a table of its own"] = Changed(code => code.Op(Opcode.Block, 0x40).Get(4).Op(Opcode.BrTable, 0).U32(0).Op(Opcode.End)),
        ["a return of what is not constant"] = Changed(code => code.Get(4).Op(Opcode.If, 0x40).Get(4).Op(Opcode.Return).Op(Opcode.End)),
        ["a tail call of WebAssembly's"] = Changed(code => code.Get(4).Op(Opcode.If, 0x40).I32(0).Op(Opcode.ReturnCall, Callee).Op(Opcode.End)),
        ["a call whose result is dropped"] = Changed(code => code.I32(0).Op(Opcode.Call, Callee).Op(Opcode.Drop)),
        ["a call that is told apart by an if"] = Changed(code => code.I32(0).Op(Opcode.Call, Callee).Op(Opcode.GlobalGet, 0).Set(1).Op(Opcode.If, 0x40).Op(Opcode.Unreachable).Op(Opcode.End)),
        ["a call that is left for the wrong block"] = Changed(code => code.I32(0).Op(Opcode.Call, Callee).Op(Opcode.GlobalGet, 0).Set(1).Op(Opcode.BrIf, 0)),
        ["a call in the middle of a block"] = Changed(code =>
            code.Get(1).I32(8).Op(Opcode.I32Sub).Tee(1).Op(Opcode.GlobalSet, 0).I32(0).Op(Opcode.Call, Callee).Op(Opcode.GlobalGet, 0).Set(1).Op(Opcode.BrIf, 1)),
        ["SP not loaded again behind a call"] = Changed(code => code.I32(0).Op(Opcode.Call, Callee).Op(Opcode.BrIf, 1)),
        ["another global loaded behind a call"] = Changed(code => code.I32(0).Op(Opcode.Call, Callee).Op(Opcode.GlobalGet, 1).Op(Opcode.I32WrapI64).Set(1).Op(Opcode.BrIf, 1)),
        ["a jump by what is not constant"] = Changed(code => code.Get(4).Set(0).Get(4).Op(Opcode.If, 0x40).Op(Opcode.Br, 1).Op(Opcode.End)),
        ["a jump without a selector"] = Changed(code => code.Get(4).Op(Opcode.If, 0x40).Op(Opcode.Br, 1).Op(Opcode.End)),
        ["a conditional jump"] = Changed(code => code.I32(1).Set(0).Get(4).Op(Opcode.BrIf, 0)),
        ["an if with a result"] = Changed(code => code.Get(4).Op(Opcode.If, 0x7F).I32(1).Op(Opcode.Else).I32(2).Op(Opcode.End).Op(Opcode.Drop)),
        ["a local that lives over a call"] = new GoShapeFunction().Write(
            block =>
            {
                block.Push(32).Raw.I64(7).Set(2);
                block.Call(Callee);
            },
            block =>
            {
                block.Raw.Get(1).Get(2).Op(Opcode.I64Store, 3).U32(8);
                block.Pop(40).Return();
            }),
        ["a block that is entered with SP at two places"] = new GoShapeFunction().Write(
            block =>
            {
                block.Raw.Get(1).Op(Opcode.I32Load, 2).U32(0).I32(4).Op(Opcode.I32And);
                block.If(then => then.Jump(1)).Push(16).Call(Callee);
            },
            block => block.Add(8, 1).Pop(8).Return()),
        ["a loop on which SP moves"] = new GoShapeFunction().Write(
            block => block.Push(8).Call(Callee),
            block => block.Push(8).Add(0, 1).Repeat(1).Pop(16).Return()),
        ["two at the end"] = Usual(new GoShapeFunction { Unwound = 2 }),
        ["zero at the end"] = Usual(new GoShapeFunction { Unwound = 0 }),
        ["a table on another local"] = Usual(new GoShapeFunction { Selector = 4 }),
        ["SP in another local"] = Usual(new GoShapeFunction { LoadedInto = 4 }),
        ["a first target that is not the first block"] = Usual(new GoShapeFunction { Targets = [1, 0] }),
        ["a target outside of the loop"] = Usual(new GoShapeFunction { Targets = [0, 1, 3] }),
        ["code before the table"] = Usual(new GoShapeFunction { Head = [(byte)Opcode.I64Const, 1, (byte)Opcode.GlobalSet, 1] }),
    };

    [Theory]
    [MemberData(nameof(Accepted))]
    public void Find_FunctionInGosShape_IsTaken(string shape)
    {
        var module = Module(s_accepted[shape]);

        Assert.NotNull(new GoFunctions(WasmModule.Load(module.ToArray())).Find(Caller));
        TierComparison.AssertSame(module, Caller, other: 5);
    }

    [Theory]
    [MemberData(nameof(NearMisses))]
    public void Find_FunctionAlmostInGosShape_IsNot(string shape)
    {
        var module = Module(s_nearMisses[shape]);

        Assert.Null(new GoFunctions(WasmModule.Load(module.ToArray())).Find(Caller));
        TierComparison.AssertSame(module, Caller, other: 5);
    }

    [Fact]
    public void Find_WhereSpIsConstantOrWide_IsNot()
    {
        var constant = new GoShapeModule { HasMutableSp = false }.Leaf(new CodeWriter());
        var wide = new GoShapeModule { SpType = ValueType.I64 }.Leaf(new CodeWriter());

        Assert.False(new GoFunctions(WasmModule.Load(constant.ToArray())).IsGoType(GoShapeModule.Go));
        Assert.False(new GoFunctions(WasmModule.Load(wide.ToArray())).IsGoType(GoShapeModule.Go));
        Assert.True(new GoFunctions(WasmModule.Load(Module(Usual()).ToArray())).IsGoType(GoShapeModule.Go));
        Assert.False(new GoFunctions(WasmModule.Load(Module(Usual()).ToArray())).IsGoType(GoShapeModule.Wide));
    }

    [Fact]
    public void PreservesSp_OfFunctions_IsKnownWhereNothingAssignsSp()
    {
        var module = Module(Usual())
            .Leaf(new CodeWriter().Op(Opcode.GlobalGet, 0).Op(Opcode.Drop))
            .Leaf(new CodeWriter().I32(0).Op(Opcode.GlobalSet, 0))
            .Leaf(new CodeWriter().Op(Opcode.Call, 3));

        var functions = new GoFunctions(WasmModule.Load(module.ToArray()));

        Assert.True(functions.PreservesSp(3));
        Assert.False(functions.PreservesSp(4));
        Assert.False(functions.PreservesSp(5));
    }

    [Fact]
    public void Find_InASample_TakesNearlyAllFunctionsOfGos()
    {
        var module = WasmModule.Load(Repository.Sample("calc"));
        var functions = new GoFunctions(module);
        var types = Enumerable.Range(module.ImportedFunctionCount, module.FunctionBodies.Length).Where(index => functions.IsGoType(module.FunctionTypeIndices[index])).ToList();

        var taken = types.Count(index => functions.Find((uint)index) is not null);

        Assert.True(taken > types.Count * 0.95, $"{taken} of {types.Count}");
    }

    /// <summary>Two blocks with a call between them, and in the second something that may not be there.</summary>
    private static byte[] Usual(GoShapeFunction? frame = null, Action<CodeWriter>? change = null) => (frame ?? new GoShapeFunction()).Write(
        block => block.Push(32).Add(8, 5).Call(Callee),
        block =>
        {
            change?.Invoke(block.Raw);
            block.Add(16, 3).Pop(40).Return();
        });

    private static byte[] Changed(Action<CodeWriter> change) => Usual(null, change);

    private static GoShapeModule Module(byte[] caller) => new GoShapeModule()
        .Function(GoShapeModule.Go, (new GoShapeFunction() with { HasExit = false }).Write(block => block.Add(16, 1).Pop(8).Return()))
        .Function(GoShapeModule.Go, caller)
        .Function(GoShapeModule.Go, (new GoShapeFunction() with { HasExit = false }).Write(block => block.Raw.I32(1).Op(Opcode.Return)));
}
