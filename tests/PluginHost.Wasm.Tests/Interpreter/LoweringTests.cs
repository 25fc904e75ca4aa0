using PluginHost.Wasm.Interpreter;
using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Wasm.Tests.Interpreter;

/// <summary>Code that looks like what lowering shortens, and differs in what matters.</summary>
public sealed class LoweringTests
{
    private const byte I32 = 0x7F;
    private const byte I64 = 0x7E;
    private const byte F64 = 0x7C;

    [Theory]
    [InlineData(0, 7, 8)]
    [InlineData(1, 7, 8)]
    public void BrIf_OutOfAFunctionWithTwoResults_KeepsThemWhereItIsNotTaken(ulong condition, ulong first, ulong second)
    {
        // (func (param i32 i32 i32) (result i32 i32) local.get 1, local.get 2, (br_if 0 (local.get 0)))
        var results = Run(Function([I32, I32, I32], [I32, I32], [], [0x20, 1, 0x20, 2, 0x20, 0, 0x0D, 0]), [condition, first, second], 2);

        Assert.Equal([first, second], results);
    }

    [Theory]
    [InlineData(0, 15)]
    [InlineData(1, 7)]
    public void BrTable_OutOfAFunctionWithTwoResults_KeepsThemForItsOtherTargets(ulong selector, ulong expected)
    {
        // block (result i32 i32) local.get 1, local.get 2, (br_table 1 0 (i32.eqz (local.get 0))) end i32.add i32.const 0
        byte[] code = [0x02, 1, 0x20, 1, 0x20, 2, 0x20, 0, 0x45, 0x0E, 1, 1, 0, 0x0B, 0x6A, 0x41, 0];
        var module = new ModuleBytes()
            .Section(1, [2, 0x60, 3, I32, I32, I32, 2, I32, I32, 0x60, 0, 2, I32, I32])
            .Section(3, [1, 0])
            .Section(7, [1, .. ModuleBytes.Name("run"), 0, 0])
            .Section(10, [1, .. ModuleBytes.Sized([0, .. code, 0x0B])])
            .ToArray();

        // eqz(0) = 1 takes the default, the block; eqz(1) = 0 takes the function.
        Assert.Equal(expected, Run(module, [selector, 7, 8], 2)[0]);
    }

    [Theory]
    [InlineData(I64, new byte[] { 0x42, 0x80, 0x80, 0x80, 0x80, 0x10 }, 0x1_0000_0000UL)]
    [InlineData(F64, new byte[] { 0x44, 0, 0, 0, 0, 0, 0, 0xF0, 0x3F }, 0x3FF0_0000_0000_0000UL)]
    public void Call_AfterAPush_PassesAConstantWhoseLowHalfIsZero(byte type, byte[] constant, ulong expected)
    {
        // global.get 0, local.set 0; local.get 0, i32.const 8, i32.sub, local.tee 0, global.set 0; (i64.store (local.get 0) (i64.const 5)); (call 1 (constant))
        byte[] caller = [1, 1, I32, 0x23, 0, 0x21, 0, 0x20, 0, 0x41, 8, 0x6B, 0x22, 0, 0x24, 0, 0x20, 0, 0x42, 5, 0x37, 3, 0, .. constant, 0x10, 1, 0x0B];
        var module = new ModuleBytes()
            .Section(1, [2, 0x60, 0, 1, type, 0x60, 1, type, 1, type])
            .Section(3, [2, 0, 1])
            .Section(5, [1, 0, 1])
            .Section(6, [1, I32, 1, .. ModuleBytes.Offset(32)])
            .Section(7, [1, .. ModuleBytes.Name("run"), 0, 0])
            .Section(10, [2, .. ModuleBytes.Sized(caller), .. ModuleBytes.Sized([0, 0x20, 0, 0x0B])])
            .ToArray();

        Assert.Equal(expected, Run(module, [], 1)[0]);
    }

    [Fact]
    public void BrTable_OnTheSelectorAgain_SeesWhatTheJumpPastTheFirstWrote()
    {
        byte[] code =
        [
            0x03, 0x40, // loop
            0x02, 0x40, 0x02, 0x40, 0x20, 0, 0x0E, 1, 0, 1, 0x0B, // block block (br_table 0 1 (local.get 0)) end
            0x41, 1, 0x21, 0, 0x0C, 1, 0x0B, // (local.set 0 (i32.const 1)) br 1 end
            0x03, 0x40, 0x02, 0x40, 0x02, 0x40, 0x20, 0, 0x0E, 1, 0, 1, 0x0B, // loop block block (br_table 0 1 (local.get 0)) end
            0x41, 10, 0x0F, 0x0B, 0x41, 20, 0x0F, 0x0B, // (return (i32.const 10)) end (return (i32.const 20)) end
            0x0B, 0x00, // end unreachable
        ];

        Assert.Equal(20UL, Run(Function([I32], [I32], [], code), [0], 1)[0]);
    }

    [Theory]
    [InlineData(0, 1 + 2 + 3 + 100)]
    [InlineData(1, 1 + 2 + 3)]
    public void BrIf_OverAValueWithThree_MovesThemWhereItIsTaken(ulong condition, ulong expected)
    {
        byte[] code =
        [
            0x02, 1, 0x41, 0xE4, 0, 0x20, 1, 0x20, 2, 0x20, 3, 0x20, 0, 0x0D, 0, // block (result i32 i32 i32) i32.const 100, three locals, (br_if 0 (local.get 0))
            0x6A, 0x6A, 0x6A, 0x41, 0, 0x41, 0, 0x0B, // the sum of the four, and two zeros, end
            0x6A, 0x6A, // the sum of the three
        ];
        var module = new ModuleBytes()
            .Section(1, [2, 0x60, 4, I32, I32, I32, I32, 1, I32, 0x60, 0, 3, I32, I32, I32])
            .Section(3, [1, 0])
            .Section(7, [1, .. ModuleBytes.Name("run"), 0, 0])
            .Section(10, [1, .. ModuleBytes.Sized([0, .. code, 0x0B])])
            .ToArray();

        Assert.Equal(expected, Run(module, [condition, 1, 2, 3], 1)[0]);
    }

    [Fact]
    public void BrIf_WithManyValues_TakesFewInstructionsEach()
    {
        // A hundred values, then (br_if 0 (local.get 0)) a thousand times.
        byte[] values = [.. Enumerable.Repeat<byte[]>([0x20, 0], 100).SelectMany(code => code)];
        byte[] branches = [.. Enumerable.Repeat<byte[]>([0x20, 0, 0x0D, 0], 1_000).SelectMany(code => code)];
        var module = (InterpreterModule)InterpreterEngine.Instance.Prepare(WasmModule.Load(Function([I32], [.. Enumerable.Repeat(I32, 100)], [], [.. values, .. branches])));
        using var instance = module.Instantiate(new Imports());
        Assert.True(instance.TryGetFunction("run", out var function));

        instance.Invoke(function, [0], new ulong[100]);

        Assert.InRange(module.CodeBytes, 1, 16 * 3 * 1_200);
    }

    [Fact]
    public void Locals_ReadByManyValuesBelowBlocksAndAssignments_KeepWhatWasRead()
    {
        // A thousand times local.get 0, each before (local.set 0 (local.get 0) + 1) and an empty block; then the sum of them all.
        byte[] reads = [.. Enumerable.Repeat<byte[]>([0x20, 0, 0x20, 0, 0x20, 0, 0x41, 1, 0x6A, 0x21, 0, 0x02, 0x40, 0x0B, 0x6A], 1_000).SelectMany(code => code)];
        byte[] lazy = [.. Enumerable.Repeat<byte[]>([0x20, 0], 200).SelectMany(code => code), 0x41, 0, 0x21, 0];
        byte[] sums = [.. Enumerable.Repeat((byte)0x6A, 1_199)];

        var result = Run(Function([I32], [I32], [], [.. reads, .. lazy, .. sums]), [1], 1)[0];

        // Twice 1 to 1,000, and 200 times the 1,001 that is left.
        Assert.Equal((1_000UL * 1_001) + (200 * 1_001), result);
    }

    [Fact]
    public void Lowering_OfACallThatWasInterrupted_IsGivenUpAndBegunAnewByTheNext()
    {
        // Function 1 interrupts and calls 2; 2 calls 3, which takes and gives a thousand values, a thousand times and so is long to translate.
        byte[] thousand = [.. ModuleBytes.U32(1_000), .. Enumerable.Repeat(I32, 1_000)];
        byte[] constants = [.. Enumerable.Repeat<byte[]>([0x41, 0], 1_000).SelectMany(code => code)];
        byte[] calls = [.. Enumerable.Repeat<byte[]>([0x10, 3], 1_000).SelectMany(code => code)];
        byte[] drops = [.. Enumerable.Repeat((byte)0x1A, 1_000)];
        byte[] locals = [.. Enumerable.Range(0, 1_000).SelectMany(local => (byte[])[0x20, .. ModuleBytes.U32((uint)local)])];
        var bytes = new ModuleBytes()
            .Section(1, [2, 0x60, 0, 0, 0x60, .. thousand, .. thousand])
            .Section(2, [1, .. ModuleBytes.Name("host"), .. ModuleBytes.Name("interrupt"), 0, 0])
            .Section(3, [3, 0, 0, 1])
            .Section(7, [2, .. ModuleBytes.Name("run"), 0, 1, .. ModuleBytes.Name("long"), 0, 2])
            .Section(10, [3, .. ModuleBytes.Sized([0, 0x10, 0, 0x10, 2, 0x0B]), .. ModuleBytes.Sized([0, .. constants, .. calls, .. drops, 0x0B]), .. ModuleBytes.Sized([0, .. locals, 0x0B])])
            .ToArray();
        var module = (InterpreterModule)InterpreterEngine.Instance.Prepare(WasmModule.Load(bytes));
        using var instance = module.Instantiate(new Imports().Add("host", "interrupt", FunctionType.Empty, (ref call) => call.Instance.Interrupt(TrapKind.Cancelled)));
        Assert.True(instance.TryGetFunction("run", out var run));
        Assert.True(instance.TryGetFunction("long", out var function));

        var trap = Assert.Throws<TrapException>(() => instance.Invoke(run, [], []));

        Assert.Equal(TrapKind.Cancelled, trap.Kind);
        Assert.Equal(1, module.LoweredFunctions);
        instance.Invoke(function, [], []);
        Assert.Equal(3, module.LoweredFunctions);
    }

    private static byte[] Function(byte[] parameters, byte[] results, byte[] locals, byte[] code) => new ModuleBytes()
        .Section(1, [1, 0x60, .. ModuleBytes.Sized(parameters), .. ModuleBytes.Sized(results)])
        .Section(3, [1, 0])
        .Section(7, [1, .. ModuleBytes.Name("run"), 0, 0])
        .Section(10, [1, .. ModuleBytes.Sized([(byte)locals.Length, .. locals.SelectMany(type => new byte[] { 1, type }), .. code, 0x0B])])
        .ToArray();

    /// <summary>The results, which are the same on every engine.</summary>
    private static ulong[] Run(byte[] module, ulong[] arguments, int results)
    {
        var all = ExecutionEngines.All.Select(engine => Run(engine, module, arguments, results)).ToList();
        Assert.All(all, one => Assert.Equal(all[0], one));
        return all[0];
    }

    private static ulong[] Run(IExecutionEngine engine, byte[] module, ulong[] arguments, int results)
    {
        using var instance = engine.Prepare(WasmModule.Load(module)).Instantiate(new Imports());
        Assert.True(instance.TryGetFunction("run", out var function));
        var values = new ulong[results];
        instance.Invoke(function, arguments, values);
        return values;
    }
}
