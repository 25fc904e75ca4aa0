using System.Buffers.Binary;
using System.Globalization;
using PluginHost.Fuzz.Execution;
using PluginHost.Wasm.Compiler;
using PluginHost.Wasm.Interpreter;
using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Wasm.Tests.Compiler;

/// <summary>A function of Go's library that is done by the engine gives what its own code gives when it is interpreted, with arguments of every kind.</summary>
public sealed class GoIntrinsicTests : IDisposable
{
    private const ulong Sp = 0x1000;
    private const ulong Table = 0x2000;
    private const ulong Data = 0x1_0000;
    private const int TableBytes = 8_192;
    private const uint Ieee = 0xEDB8_8320;
    private const uint Castagnoli = 0x82F6_3B78;

    private static readonly WasmModule s_module = WasmModule.Load(Repository.Sample("kernels"));
    private static readonly uint s_function = Named("crc32.slicingUpdate");

    private readonly WasmInstance _interpreted = Instantiate(isCompiled: false);
    private readonly WasmInstance _compiled = Instantiate(isCompiled: true);

    public void Dispose()
    {
        _interpreted.Dispose();
        _compiled.Dispose();
    }

    [Fact]
    public void Crc_OfTheSample_IsRecognised() => Assert.Equal("crc32", Intrinsics.Find(s_module, s_function, isGo: true)?.Name);

    [Fact]
    public void Crc_SwitchedOff_IsNotRecognised()
    {
        AppContext.SetData(Intrinsics.DisabledSwitch, "memchr, crc32");

        try
        {
            Assert.Null(Intrinsics.Find(s_module, s_function, isGo: true));
        }
        finally
        {
            AppContext.SetData(Intrinsics.DisabledSwitch, null);
        }
    }

    /// <summary>All functions of the sample but one have another hash.</summary>
    [Fact]
    public void Crc_OtherFunctions_AreNot()
    {
        var functions = Enumerable.Range(s_module.ImportedFunctionCount, s_module.FunctionBodies.Length).Select(index => (uint)index);

        Assert.Equal([s_function], functions.Where(function => Intrinsics.Find(s_module, function, isGo: s_module.FunctionType(function) is { Parameters: [ValueType.I32], Results: [ValueType.I32] }) is { Name: "crc32" }));
    }

    [Theory]
    [InlineData(Ieee)]
    [InlineData(Castagnoli)]
    [InlineData(0U)]
    public void Crc_OfAnyLengthAndAlignment_IsAsInterpreted(uint polynomial)
    {
        WriteAll(Table, TableOf(polynomial));
        int[] lengths = [.. Enumerable.Range(0, 40), 63, 64, 65, 127, 128, 255, 256, 257, 271, 272, 287, 288, 300, 319, 320, 321, 1000, 1024, 4096, 4111];

        foreach (var length in lengths)
        {
            foreach (var start in (ulong[])[Data, Data + 1, Data + 7])
                AssertSame(0, crc: (uint)(length * 0x9E37_79B9), Table, start, (ulong)length);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(17)]
    public void Crc_InPieces_IsAsInterpreted(int more)
    {
        foreach (var polynomial in (uint[])[Ieee, 0])
        {
            WriteAll(Table, TableOf(polynomial));
            AssertSame(0, crc: 1, Table, Data + 3, (ulong)((2 * 1024 * 1024) + more));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1023)]
    [InlineData(8191)]
    public void Crc_WithATableThatTheGuestChanged_IsAsInterpreted(int at)
    {
        var table = TableOf(Ieee);
        table[at] ^= 0x10;
        WriteAll(Table, table);

        AssertSame(0, crc: 5, Table, Data, 2_000);
    }

    [Fact]
    public void Crc_OutsideTheMemory_IsAsInterpreted()
    {
        var end = _interpreted.Memory!.ByteLength;
        WriteAll(Table, TableOf(Ieee));
        WriteAll(end - TableBytes, TableOf(Ieee));

        foreach (var data in (ulong[])[0, 1, end - 600, end - 512, end - 511, end - 1, end, end + 1, 0xFFFF_FFFF, 0x1_0000_0000 + Data, ulong.MaxValue, 0x8000_0000_0000_0000])
        {
            foreach (var length in (ulong[])[0, 1, 16, 512, ulong.MaxValue, 1UL << 63, (1UL << 32) + 4])
                AssertSame(0, crc: 9, Table, data, length);
        }

        foreach (var table in (ulong[])[0, 1, end - TableBytes, end - TableBytes + 1, end, 0xFFFF_FFFF, Table + 0x1_0000_0000, ulong.MaxValue])
        {
            foreach (var length in (ulong[])[0, 1, 300])
                AssertSame(0, crc: 9, table, Data, length);
        }
    }

    [Fact]
    public void Crc_EnteredAnywhereAndWithAnySp_IsAsInterpreted()
    {
        WriteAll(Table, TableOf(Ieee));

        foreach (var selector in (uint[])[1, 2, 9, 21, 500, uint.MaxValue])
            AssertSame(selector, crc: 9, Table, Data, 300);

        var end = _interpreted.Memory!.ByteLength;

        foreach (var sp in (ulong[])[0, 3, end - 56, end - 55, end - 48, end - 8, end, 0xFFFF_FFC8, 0xFFFF_FFFF])
            AssertSame(0, crc: 9, Table, Data, 300, sp);
    }

    private static uint Named(string name) =>
        (uint)Enumerable.Range(0, s_module.FunctionTypeIndices.Length).First(index => s_module.FunctionName((uint)index)?.EndsWith(name, StringComparison.Ordinal) == true);

    private static WasmInstance Instantiate(bool isCompiled)
    {
        var executable = new InterpreterModule(s_module, isCompiled ? CompilationMode.WhenHot : CompilationMode.None);
        executable.Compiler?.Compile([s_function], resume: false);
        var imports = new Imports();

        for (var i = 0; i < s_module.Imports.Length; i++)
            imports.Add(s_module.Imports[i].Module, s_module.Imports[i].Name, s_module.FunctionType((uint)i), (ref _) => throw new InvalidOperationException("nothing is imported"));

        var instance = executable.Instantiate(imports);
        Assert.True(instance.Memory!.Grow(48) > 0);
        var bytes = instance.Memory.Span((uint)Data, 40 * LinearMemory.PageSize);
        new Random(7).NextBytes(bytes);
        return instance;
    }

    private static byte[] TableOf(uint polynomial)
    {
        var bytes = new byte[TableBytes];

        // None: entries that are no polynomial's.
        if (polynomial == 0)
        {
            new Random(3).NextBytes(bytes);
            return bytes;
        }

        for (var i = 0; i < TableBytes / 4; i++)
        {
            var crc = (uint)i & 0xFF;

            for (var bit = 0; bit < 8 * ((i / 256) + 1); bit++)
                crc = (crc >> 1) ^ ((crc & 1) * polynomial);

            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4 * i), crc);
        }

        return bytes;
    }

    private void WriteAll(ulong address, byte[] bytes)
    {
        bytes.CopyTo(_interpreted.Memory!.Span((uint)address, (uint)bytes.Length));
        bytes.CopyTo(_compiled.Memory!.Span((uint)address, (uint)bytes.Length));
    }

    private void AssertSame(uint selector, uint crc, ulong table, ulong data, ulong length, ulong sp = Sp)
    {
        var expected = Run(_interpreted, selector, crc, table, data, length, sp);
        var actual = Run(_compiled, selector, crc, table, data, length, sp);

        Assert.True(expected == actual, string.Create(CultureInfo.InvariantCulture, $"selector {selector}, table 0x{table:x}, data 0x{data:x}, length 0x{length:x}, SP 0x{sp:x}: {actual}, and interpreted: {expected}"));
    }

    private static string Run(WasmInstance instance, uint selector, uint crc, ulong table, ulong data, ulong length, ulong sp)
    {
        var memory = instance.Memory!;
        ulong[] arguments = [0, crc, table, data, length, length, 0];
        instance.Globals[0].Value = sp;

        for (var i = 0; i < arguments.Length; i++)
        {
            if (memory.TryGetSpan((uint)sp + (uint)(8 * i), 8, out var slot))
                BinaryPrimitives.WriteUInt64LittleEndian(slot, arguments[i]);
        }

        var results = new ulong[1];
        string outcome;

        try
        {
            instance.Invoke(instance.Function(s_function), [selector], results, new ExecutionBudget(TimeSpan.FromSeconds(20)));
            outcome = $"gave {results[0]}";
        }
        catch (TrapException trap)
        {
            outcome = $"trapped: {trap.Kind}";
        }

        return $"{outcome}, SP 0x{instance.Globals[0].Value:x}, {Digest.OfMemory(memory.Span(0, (uint)memory.ByteLength)):x}";
    }
}
