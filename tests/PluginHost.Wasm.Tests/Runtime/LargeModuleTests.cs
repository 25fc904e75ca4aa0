using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Wasm.Tests.Runtime;

/// <summary>The sizes that ordinary Go programs reach.</summary>
public sealed class LargeModuleTests
{
    private const int Segments = 100_000;
    private const int Blocks = 4_017;
    private const int Targets = 7_340;
    private const int BodyBytes = 300_000;

    [Theory]
    [EngineData]
    public void Module_AsLargeAsGoMakesThem_RunsLikeASmallOne(string engine)
    {
        var module = WasmModule.Load(Build());
        using var instance = ExecutionEngines.Named(engine).Prepare(module).Instantiate(new Imports());

        // A target of depth d lies behind d blocks' ends: so many additions are left out.
        Assert.Equal((ulong)Blocks, Run(instance, 0));
        Assert.Equal(1UL, Run(instance, Blocks - 1));
        Assert.Equal((ulong)Blocks, Run(instance, Blocks));
        Assert.Equal((ulong)(Blocks - 5), Run(instance, Targets + 100));
        Assert.Equal(Segments, module.DataSegments.Length);
        Assert.Equal([1, 1, 0, 1], instance.Memory!.Span(0, 4).ToArray());
    }

    private static ulong Run(WasmInstance instance, int selector)
    {
        Assert.True(instance.TryGetFunction("run", out var function));
        var results = new ulong[1];
        instance.Invoke(function, [(ulong)selector], results);
        return results[0];
    }

    private static byte[] Build()
    {
        var code = new List<byte> { 1, 1, 0x7F };

        for (var i = 0; i < Blocks; i++)
            code.AddRange([0x02, 0x40]);

        code.AddRange([0x20, 0, 0x0E, .. ModuleBytes.U32(Targets)]);

        for (var i = 0; i < Targets; i++)
            code.AddRange(ModuleBytes.U32((uint)(i % Blocks)));

        // The default.
        code.Add(5);

        for (var i = 0; i < Blocks; i++)
            code.AddRange([0x0B, 0x20, 1, 0x41, 1, 0x6A, 0x21, 1]);

        code.AddRange(Enumerable.Repeat((byte)0x01, BodyBytes - code.Count));
        code.AddRange([0x20, 1, 0x0B]);
        var segments = new List<byte>(ModuleBytes.U32(Segments));

        // Of one byte each, two beside each other and one left out, and all over again.
        for (var i = 0; i < Segments; i++)
            segments.AddRange([0, 0x41, .. Address((i % 20_000) + (i % 20_000 / 2)), 0x0B, 1, 1]);

        return new ModuleBytes()
            .Section(1, 1, 0x60, 1, 0x7F, 1, 0x7F)
            .Section(3, 1, 0)
            .Section(5, 1, 0, 1)
            .Section(7, [1, .. ModuleBytes.Name("run"), 0, 0])
            .Section(10, [1, .. ModuleBytes.Sized([.. code])])
            .Section(11, [.. segments])
            .ToArray();
    }

    /// <summary>A small positive number as signed LEB128, in three bytes whatever it is, as Go's linker pads them.</summary>
    private static byte[] Address(int value) => [(byte)((value & 0x7F) | 0x80), (byte)(((value >> 7) & 0x7F) | 0x80), (byte)(value >> 14)];
}
