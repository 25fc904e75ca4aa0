using PluginHost.Wasm.Binary;
using PluginHost.Wasm.Modules;

namespace PluginHost.Wasm.Tests.Binary;

public sealed class ModuleDecoderTests
{
    [Fact]
    public void Load_HeaderAlone_IsTheEmptyModule()
    {
        var module = WasmModule.Load(new ModuleBytes().ToArray());

        Assert.Empty(module.FunctionBodies);
        Assert.Null(module.Memory);
    }

    [Theory]
    [InlineData(new byte[] { }, "magic header not detected")]
    [InlineData(new byte[] { 0, 0x61, 0x73, 0x6D }, "unexpected end: the version is missing")]
    [InlineData(new byte[] { 0, 0x61, 0x73, 0x6D, 2, 0, 0, 0 }, "unknown binary version 2")]
    [InlineData(new byte[] { 0, 0x61, 0x73, 0x6D, 0x0D, 0, 1, 0 }, "unknown binary version: this is a component, not a module")]
    public void Load_WrongHeader_SaysWhatIsWrong(byte[] bytes, string reason) =>
        Assert.Equal(reason, Assert.Throws<MalformedModuleException>(() => WasmModule.Load(bytes)).Reason);

    [Fact]
    public void Load_SectionsOutOfOrder_IsMalformedAtTheSecond()
    {
        var bytes = new ModuleBytes().Section(3, 0).Section(1, 0).ToArray();

        var exception = Assert.Throws<MalformedModuleException>(() => WasmModule.Load(bytes));

        Assert.Equal(11, exception.Offset);
    }

    [Fact]
    public void Load_SectionTwice_IsMalformed()
    {
        var bytes = new ModuleBytes().Section(1, 0).Section(1, 0).ToArray();

        Assert.Throws<MalformedModuleException>(() => WasmModule.Load(bytes));
    }

    [Fact]
    public void Load_CustomSectionsAnywhere_AreKept()
    {
        var bytes = new ModuleBytes().Custom("a", 1).Section(1, 0).Custom("b").Section(3, 0).Custom("a").ToArray();

        Assert.Equal(["a", "b", "a"], WasmModule.Load(bytes).CustomSections.Select(section => section.Name));
    }

    [Fact]
    public void Load_SectionLongerThanItsContent_IsMalformed()
    {
        var bytes = new ModuleBytes().Section(1, 0, 0).ToArray();

        Assert.Contains("section size mismatch", Assert.Throws<MalformedModuleException>(() => WasmModule.Load(bytes)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_FunctionsWithoutCode_IsMalformed()
    {
        var bytes = new ModuleBytes().Section(1, 1, 0x60, 0, 0).Section(3, 1, 0).ToArray();

        Assert.Contains("inconsistent lengths", Assert.Throws<MalformedModuleException>(() => WasmModule.Load(bytes)).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(11)]
    public void Load_CountThatTheBytesCannotHold_IsRefusedWithoutRoomForIt(byte section)
    {
        var limits = new ModuleLimits
        {
            Types = int.MaxValue,
            Imports = int.MaxValue,
            Functions = int.MaxValue,
            Globals = int.MaxValue,
            Exports = int.MaxValue,
            ElementSegments = int.MaxValue,
            DataSegments = int.MaxValue,
        };
        var bytes = new ModuleBytes().Section(section, 0xFF, 0xFF, 0xFF, 0xFF, 0x07, 0).ToArray();
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Throws<MalformedModuleException>(() => WasmModule.Load(bytes, limits));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1024 * 1024);
    }

    [Fact]
    public void Load_MoreThanALimit_NamesLimitAndValue()
    {
        var bytes = new ModuleBytes().Section(1, 3, 0x60, 0, 0, 0x60, 0, 0, 0x60, 0, 0).ToArray();

        var exception = Assert.Throws<MalformedModuleException>(() => WasmModule.Load(bytes, new ModuleLimits { Types = 2 }));

        Assert.Equal("3 entries are more than the limit of 2 (Types)", exception.Reason);
    }

    [Fact]
    public void Load_VectorType_SaysThatVectorsAreNotSupported()
    {
        var bytes = new ModuleBytes().Section(1, 1, 0x60, 1, 0x7B, 0).ToArray();

        Assert.Contains("v128 is not supported", Assert.Throws<MalformedModuleException>(() => WasmModule.Load(bytes)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_DataCountThatIsNotTheDataSections_IsMalformed()
    {
        var bytes = new ModuleBytes().Section(12, 1).ToArray();

        Assert.Contains("data count", Assert.Throws<MalformedModuleException>(() => WasmModule.Load(bytes)).Reason, StringComparison.Ordinal);
    }
}
