using PluginHost.Wasm.Binary;
using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Validation;

namespace PluginHost.Wasm.Tests.Validation;

public sealed class FunctionValidatorTests
{
    [Fact]
    public void Sink_DeadCode_IsNotReported()
    {
        // block; br 0; block; i32.const 1; drop; end; end; nop; end
        var calls = Record(0x02, 0x40, 0x0C, 0, 0x02, 0x40, 0x41, 1, 0x1A, 0x0B, 0x0B, 0x01, 0x0B);

        Assert.Equal(["begin 0", "block", "br 0", "end False", "end True"], calls);
    }

    [Fact]
    public void Sink_BothArmsLeave_SaysThatNeitherEndIsReached()
    {
        // i32.const 0; if; return; else; unreachable; end; end
        var calls = Record(0x41, 0, 0x04, 0x40, 0x0F, 0x05, 0x00, 0x0B, 0x0B);

        Assert.Equal(["begin 0", "const 0", "if", "return", "else False", "unreachable", "end False", "end True"], calls);
    }

    [Fact]
    public void Sink_BrTable_GetsTheDefaultLast()
    {
        // block; block; i32.const 0; br_table 0 1 2; end; end; end
        var calls = Record(0x02, 0x40, 0x02, 0x40, 0x41, 0, 0x0E, 2, 0, 1, 2, 0x0B, 0x0B, 0x0B);

        Assert.Contains("br_table 0 1 2", calls);
    }

    [Fact]
    public void Sink_NegativeI32Const_GetsItZeroExtended()
    {
        var calls = Record(0x41, 0x7F, 0x1A, 0x0B);

        Assert.Contains("const ffffffff", calls);
    }

    [Theory]
    [InlineData(new byte[] { 0x1A, 0x0B }, "a value is missing")] // drop
    [InlineData(new byte[] { 0x41, 0, 0x0B }, "values remain")] // i32.const
    [InlineData(new byte[] { 0x42, 0, 0x41, 0, 0x6A, 0x1A, 0x0B }, "expected i32, found i64")] // i64.const; i32.const; i32.add
    [InlineData(new byte[] { 0x0C, 1, 0x0B }, "unknown label")]
    [InlineData(new byte[] { 0x20, 0, 0x0B }, "unknown local 0")]
    [InlineData(new byte[] { 0x10, 1, 0x0B }, "unknown function 1")]
    [InlineData(new byte[] { 0x41, 0, 0x28, 3, 0, 0x1A, 0x0B }, "alignment must not be larger than natural")]
    [InlineData(new byte[] { 0xD2, 0, 0x1A, 0x0B }, "undeclared function reference")]
    [InlineData(new byte[] { 0xFD, 0x0C, 0x0B }, "vector instructions are not supported")]
    public void Load_InvalidBody_SaysWhyAndWhere(byte[] code, string reason)
    {
        var exception = Assert.Throws<InvalidModuleException>(() => WasmModule.Load(ModuleBytes.WithBody(code)));

        Assert.Contains(reason, exception.Reason, StringComparison.Ordinal);
        Assert.Equal(0u, exception.FunctionIndex);
        Assert.InRange(exception.Offset, 24, 40);
    }

    [Theory]
    [InlineData(new byte[] { 0x01 })] // no end
    [InlineData(new byte[] { 0x0B, 0x01 })] // code behind the end
    [InlineData(new byte[] { 0x06, 0x0B })] // no opcode
    [InlineData(new byte[] { 0x3F, 1, 0x1A, 0x0B })] // memory.size of memory 1
    [InlineData(new byte[] { 0x1A, 0x06, 0x0B })] // invalid first, but malformed behind it
    public void Load_MalformedBody_IsMalformed(byte[] code) =>
        Assert.Throws<MalformedModuleException>(() => WasmModule.Load(ModuleBytes.WithBody(code)));

    [Fact]
    public void Load_BlocksNestedDeeply_AreValidatedWithoutRecursion()
    {
        const int Depth = 90_000;
        byte[] code = [.. Enumerable.Repeat<byte[]>([0x02, 0x40], Depth).SelectMany(block => block), .. Enumerable.Repeat((byte)0x0B, Depth + 1)];

        var module = WasmModule.Load(ModuleBytes.WithBody(code));

        Assert.Single(module.FunctionBodies);
    }

    [Fact]
    public void Load_BlocksNestedDeeperThanTheLimit_NamesTheLimit()
    {
        byte[] code = [0x02, 0x40, 0x02, 0x40, 0x02, 0x40, 0x0B, 0x0B, 0x0B, 0x0B];

        var exception = Assert.Throws<MalformedModuleException>(() => WasmModule.Load(ModuleBytes.WithBody(code), new ModuleLimits { BlockNesting = 2 }));

        Assert.Contains("(BlockNesting)", exception.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_WithoutBodies_LeavesThemForLater()
    {
        var module = WasmModule.Load(ModuleBytes.WithBody(0x1A, 0x0B), validateBodies: false);
        var sink = new RecordingSink([]);

        Assert.Throws<InvalidModuleException>(() => FunctionValidator.Validate(module, 0, ref sink));
    }

    [Theory]
    [InlineData("calc")]
    [InlineData("text")]
    public void Load_GoModule_IsValid(string sample)
    {
        var module = WasmModule.Load(Repository.Sample(sample));

        Assert.InRange(module.FunctionBodies.Length, 1_000, 10_000);
        Assert.InRange(module.DataSegments.Length, 10_000, 100_000);
    }

    private static List<string> Record(params byte[] code)
    {
        var calls = new List<string>();
        var sink = new RecordingSink(calls);
        FunctionValidator.Validate(WasmModule.Load(ModuleBytes.WithBody(code)), 0, ref sink);
        return calls;
    }
}
