using PluginHost.Fuzz.Generation.Shape;
using PluginHost.Wasm.Binary;
using PluginHost.Wasm.Compiler;
using PluginHost.Wasm.Modules;

namespace PluginHost.Wasm.Tests.Compiler;

/// <summary>A call of Go's Mul64 becomes an instruction, and does all that the call does: to the product, to SP, to the stack.</summary>
public sealed class GoProductTests
{
    private const uint Caller = 1;

    private static readonly byte[] s_mul64 = Body("math_bits.Mul64");

    [Fact]
    public void Mul64_OfTheSample_IsRecognised()
    {
        var module = WasmModule.Load(Module(block => block.Call(0)).ToArray());

        Assert.True(Intrinsics.IsProduct(module, 0, isGo: true));
        Assert.False(Intrinsics.IsProduct(module, Caller, isGo: true));
    }

    [Fact]
    public void Mul64_WithOneInstructionChanged_IsNot()
    {
        byte[] body = [.. s_mul64];

        body[body.AsSpan().LastIndexOf((byte)Opcode.I64Mul)] = (byte)Opcode.I64Add;
        var module = WasmModule.Load(new GoShapeModule().Function(GoShapeModule.Go, body).ToArray());

        Assert.False(Intrinsics.IsProduct(module, 0, isGo: true));
    }

    [Fact]
    public void Call_OfMul64_IsAsInterpreted() => TierComparison.AssertSameFor(Module(block => block.Call(0)), Caller, Factors(), stacks: [0x8000], rounds: 2);

    [Fact]
    public void Call_OfMul64_WithSpAnywhere_IsAsInterpreted() => TierComparison.AssertSame(Module(block => block.Call(0)), Caller, other: 0xFEDC_BA98_7654_3210);

    /// <summary>Far above what is known to lie in the memory, and with a selector that the function does not know.</summary>
    [Fact]
    public void Call_OfMul64_FromFarAboveSp_IsAsInterpreted()
    {
        TierComparison.AssertSame(Module(block => block.Pop(480).Call(0).Push(480)), Caller, other: 77);
        TierComparison.AssertSame(Module(block => block.Push(8).Raw.I32(1).Op(Opcode.Call, 0).Op(Opcode.GlobalGet, 0).Set(1).Op(Opcode.BrIf, block.ExitDepth)), Caller, other: 77);
    }

    private static byte[] Body(string name)
    {
        var module = WasmModule.Load(Repository.Sample("kernels"));
        var index = Enumerable.Range(module.ImportedFunctionCount, module.FunctionBodies.Length).First(index => module.FunctionName((uint)index) == name);
        var body = module.FunctionBodies[index - module.ImportedFunctionCount];
        return module.Bytes.AsSpan(body.Offset, body.Length).ToArray();
    }

    private static ulong[] Factors()
    {
        var random = new Random(11);
        return [0, 1, 2, uint.MaxValue, 1UL << 32, ulong.MaxValue, ulong.MaxValue - 1, 1UL << 63, 0xFFFF_FFFF_0000_0001, .. Enumerable.Range(0, 40).Select(_ => (ulong)random.NextInt64() ^ ((ulong)random.NextInt64() << 1))];
    }

    /// <summary>Calls with global 1 as one factor and its rotation as the other, and adds what comes back to global 1.</summary>
    private static GoShapeModule Module(Action<GoShapeCode> call) => new GoShapeModule()
        .Function(GoShapeModule.Go, s_mul64)
        .Function(GoShapeModule.Go, new GoShapeFunction().Write(
            block =>
            {
                block.Push(48);
                block.Raw.Get(1).Op(Opcode.GlobalGet, 1).Op(Opcode.I64Store, 3).U32(0);
                block.Raw.Get(1).Op(Opcode.GlobalGet, 1).I64(29).Op(Opcode.I64Rotl).Op(Opcode.I64Store, 3).U32(8);
                call(block);
            },
            block =>
            {
                block.Raw.Get(1).Op(Opcode.I64Load, 3).U32(16).Get(1).Op(Opcode.I64Load, 3).U32(24).Op(Opcode.I64Xor);
                block.Raw.Op(Opcode.GlobalGet, 1).Op(Opcode.I64Add).Op(Opcode.GlobalSet, 1);
                block.Pop(56).Return();
            }));
}
