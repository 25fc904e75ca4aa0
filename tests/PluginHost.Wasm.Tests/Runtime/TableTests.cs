using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Wasm.Tests.Runtime;

public sealed class TableTests
{
    private static readonly TableType Functions = new(ValueType.FuncRef, new Limits(2, null));

    [Fact]
    public void Grow_OneByOne_KeepsElementsAndEndsAtTheLimit()
    {
        using var table = new Table(Functions, maximumElements: 1_000);
        table.Elements[1] = 7;

        for (var size = 2; size < 1_000; size++)
            Assert.Equal(size, table.Grow(1, (ulong)size));

        Assert.Equal(-1, table.Grow(1, 0));
        Assert.Equal(0, table.Grow(0, 0) - 1_000);
        Assert.Equal(1_000, table.Elements.Length);
        Assert.Equal([0UL, 7UL, 2UL], table.Elements[..3].ToArray());
        Assert.Equal(999UL, table.Elements[999]);
    }

    [Fact]
    public void Grow_BeyondTheTypesMaximum_IsRefused()
    {
        using var table = new Table(new TableType(ValueType.ExternRef, new Limits(1, 3)));

        Assert.Equal(-1, table.Grow(3, 0));
        Assert.Equal(1, table.Grow(2, 0));
        Assert.Equal(-1, table.Grow(uint.MaxValue, 0));
    }

    [Fact]
    public void Grow_FromTheHeapToNativeMemory_KeepsElements()
    {
        using var table = new Table(Functions, maximumElements: 1_000_000);
        table.Elements[0] = 5;

        for (uint size = 2, delta = 1; size + delta <= 1_000_000; size += delta, delta = (delta * 2) + 1)
        {
            Assert.Equal((int)size, table.Grow(delta, size));
            Assert.Equal((5UL, (ulong)size, (ulong)size), (table.Elements[0], table.Elements[(int)size], table.Elements[^1]));
        }

        // A million is not left by now; null needs no writing.
        Assert.Equal(-1, table.Grow(1_000_000, 0));
        var before = (int)table.Size;
        Assert.Equal(before, table.Grow(1_000_000 - (uint)before, 0));
        Assert.Equal(0UL, table.Elements[^1]);
        Assert.Equal(2UL, table.Elements[2]);
    }

    [Theory]
    [EngineData]
    public void Dispose_OfAnInstanceWithALargeTable_GivesItBackAtOnce(string engine)
    {
        var module = ExecutionEngines.Named(engine).Prepare(WasmModule.Load(new ModuleBytes()
            .Section(4, [1, 0x70, 0, .. ModuleBytes.U32(10_000_000)])
            .Section(7, [1, .. ModuleBytes.Name("table"), 1, 0])
            .ToArray()));

        // 80 GB, of which nothing may stay, and nothing is the collector's.
        var allocated = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 1_000; i++)
        {
            using var instance = module.Instantiate(new Imports());
            var table = (Table)instance.Export("table");
            table.Elements[^1] = 1;
            instance.Dispose();
            Assert.Equal(0u, table.Size);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - allocated, 0, 64 << 20);
    }

    [Theory]
    [EngineData]
    public void Instantiate_ManyLargeTables_AreLimitedTogether(string engine)
    {
        // Four tables of 4,000 elements.
        var module = WasmModule.Load(new ModuleBytes().Section(4, [4, .. Enumerable.Repeat((byte[])[0x70, 0, .. ModuleBytes.U32(4_000)], 4).SelectMany(table => table)]).ToArray());

        var exception = Assert.Throws<InstantiationException>(() => Instantiate(10_000));
        using var instance = Instantiate(16_000);

        Assert.Contains("10000", exception.Message, StringComparison.Ordinal);

        WasmInstance Instantiate(uint elements) => ExecutionEngines.Named(engine).Prepare(module).Instantiate(new Imports(), new InstanceOptions { MaximumTableElements = elements });
    }
}
