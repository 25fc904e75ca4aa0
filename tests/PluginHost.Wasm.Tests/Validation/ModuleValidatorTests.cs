using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Validation;

namespace PluginHost.Wasm.Tests.Validation;

public sealed class ModuleValidatorTests
{
    [Fact]
    public void Load_SameExportNameTwice_IsInvalid()
    {
        var bytes = new ModuleBytes().Section(5, 1, 0, 1).Section(7, [2, .. ModuleBytes.Name("m"), 2, 0, .. ModuleBytes.Name("m"), 2, 0]).ToArray();

        AssertInvalid(bytes, "duplicate export name \"m\"");
    }

    [Fact]
    public void Load_TwoMemories_IsInvalid() => AssertInvalid(new ModuleBytes().Section(5, 2, 0, 1, 0, 1).ToArray(), "multiple memories");

    [Fact]
    public void Load_MemoryAbove4GiB_IsInvalid() => AssertInvalid(new ModuleBytes().Section(5, [1, 0, .. ModuleBytes.U32(65_537)]).ToArray(), "at most 65536 pages");

    [Fact]
    public void Load_MemoryMinimumAboveMaximum_IsInvalid() => AssertInvalid(new ModuleBytes().Section(5, 1, 1, 2, 1).ToArray(), "size minimum");

    [Fact]
    public void Load_StartFunctionWithParameter_IsInvalid()
    {
        var bytes = new ModuleBytes().Section(1, 1, 0x60, 1, 0x7F, 0).Section(3, 1, 0).Section(8, 0).Section(10, 1, 2, 0, 0x0B).ToArray();

        AssertInvalid(bytes, "start function");
    }

    [Fact]
    public void Load_DataWithoutMemory_IsInvalid() =>
        AssertInvalid(new ModuleBytes().Section(11, [1, 0, .. ModuleBytes.Offset(0), 0]).ToArray(), "unknown memory");

    [Fact]
    public void Load_GlobalOfAnotherTypeThanItsInitializer_IsInvalid() =>
        AssertInvalid(new ModuleBytes().Section(6, 1, 0x7E, 0, 0x41, 0, 0x0B).ToArray(), "type mismatch");

    [Fact]
    public void Load_NoConstantInstructionInInitializer_IsInvalid() =>
        AssertInvalid(new ModuleBytes().Section(6, 1, 0x7F, 0, 0x41, 0, 0x45, 0x0B).ToArray(), "constant expression required");

    [Fact]
    public void Load_ArithmeticInInitializer_IsValid()
    {
        // i32.const 2; i32.const 3; i32.mul
        var module = WasmModule.Load(new ModuleBytes().Section(6, 1, 0x7F, 0, 0x41, 2, 0x41, 3, 0x6C, 0x0B).ToArray());

        Assert.Equal(6ul, ConstantExpressionEvaluator.Evaluate(module, module.GlobalDefinitions[0].Initializer, _ => 0, _ => 0));
    }

    private static void AssertInvalid(byte[] bytes, string reason) =>
        Assert.Contains(reason, Assert.Throws<InvalidModuleException>(() => WasmModule.Load(bytes)).Reason, StringComparison.Ordinal);
}
