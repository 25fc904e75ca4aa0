using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Validation;

namespace PluginHost.Wasm.Tests.Validation;

public sealed class ModuleValidatorTests
{
    [Fact]
    public void Load_SameExportNameTwice_IsInvalid()
    {
        var bytes = new ModuleBytes().Section(5, 1, 0, 1).Section(7, [2, .. ModuleBytes.Name("m"), 2, 0, .. ModuleBytes.Name("m"), 2, 0]).ToArray();

        AssertInvalid(bytes, "duplicate export name \"m\"", 20);
    }

    [Fact]
    public void Load_TwoMemories_IsInvalid() => AssertInvalid(new ModuleBytes().Section(5, 2, 0, 1, 0, 1).ToArray(), "multiple memories", 13);

    [Fact]
    public void Load_MemoryAbove4GiB_IsInvalid() => AssertInvalid(new ModuleBytes().Section(5, [1, 0, .. ModuleBytes.U32(65_537)]).ToArray(), "at most 65536 pages", 11);

    [Fact]
    public void Load_MemoryMinimumAboveMaximum_IsInvalid() => AssertInvalid(new ModuleBytes().Section(5, 1, 1, 2, 1).ToArray(), "size minimum", 11);

    [Fact]
    public void Load_StartFunctionWithParameter_IsInvalid()
    {
        var bytes = new ModuleBytes().Section(1, 1, 0x60, 1, 0x7F, 0).Section(3, 1, 0).Section(8, 0).Section(10, 1, 2, 0, 0x0B).ToArray();

        AssertInvalid(bytes, "start function", 21);
    }

    [Fact]
    public void Load_DataWithoutMemory_IsInvalid() =>
        AssertInvalid(new ModuleBytes().Section(11, [1, 0, .. ModuleBytes.Offset(0), 0]).ToArray(), "unknown memory", 12);

    [Fact]
    public void Load_GlobalOfAnotherTypeThanItsInitializer_IsInvalid() =>
        AssertInvalid(new ModuleBytes().Section(6, 1, 0x7E, 0, 0x41, 0, 0x0B).ToArray(), "type mismatch", 13);

    [Fact]
    public void Load_NoConstantInstructionInInitializer_IsInvalid() =>
        AssertInvalid(new ModuleBytes().Section(6, 1, 0x7F, 0, 0x41, 0, 0x45, 0x0B).ToArray(), "constant expression required", 15);

    [Fact]
    public void Load_ArithmeticInInitializer_IsValid()
    {
        // i32.const 2; i32.const 3; i32.mul
        var module = WasmModule.Load(new ModuleBytes().Section(6, 1, 0x7F, 0, 0x41, 2, 0x41, 3, 0x6C, 0x0B).ToArray());

        Assert.Equal(6ul, ConstantExpressionEvaluator.Evaluate(module, module.GlobalDefinitions[0].Initializer, _ => 0, _ => 0));
    }

    [Fact]
    public void Load_FunctionOfUnknownType_IsInvalid() =>
        AssertInvalid(new ModuleBytes().Section(1, 1, 0x60, 0, 0).Section(3, 2, 0, 7).Section(10, 2, 2, 0, 0x0B, 2, 0, 0x0B).ToArray(), "unknown type 7", 18);

    [Fact]
    public void Load_ExportOfUnknownFunction_IsInvalid() =>
        AssertInvalid(new ModuleBytes().Section(7, [1, .. ModuleBytes.Name("f"), 0, 3]).ToArray(), "unknown function 3 in export \"f\"", 11);

    [Fact]
    public void Load_ElementOfUnknownFunction_IsInvalid() =>
        AssertInvalid(new ModuleBytes().Section(4, 1, 0x70, 0, 1).Section(9, [1, 0, .. ModuleBytes.Offset(0), 1, 5]).ToArray(), "unknown function 5", 17);

    [Fact]
    public void Load_TableMinimumAboveMaximum_IsInvalid() => AssertInvalid(new ModuleBytes().Section(4, 1, 0x70, 1, 2, 1).ToArray(), "size minimum", 11);

    private static void AssertInvalid(byte[] bytes, string reason, int offset)
    {
        var exception = Assert.Throws<InvalidModuleException>(() => WasmModule.Load(bytes));

        Assert.Contains(reason, exception.Reason, StringComparison.Ordinal);
        Assert.Equal(offset, exception.Offset);
    }
}
