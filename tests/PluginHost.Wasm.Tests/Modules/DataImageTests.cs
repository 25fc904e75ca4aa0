using PluginHost.Wasm.Modules;

namespace PluginHost.Wasm.Tests.Modules;

public sealed class DataImageTests
{
    [Fact]
    public void Image_SegmentsWithSmallGaps_IsOneRunWithZerosBetween()
    {
        var image = Image((4, [1, 2]), (8, [3]));

        Assert.True(image.IsComplete);
        Assert.Equal(new DataRun(4, 0, 5), Assert.Single(image.Runs.ToArray()));
        Assert.Equal([1, 2, 0, 0, 3], image.Bytes);
        Assert.Equal(9ul, image.RequiredBytes);
    }

    [Fact]
    public void Image_OverlappingSegments_HasTheBytesOfTheLater()
    {
        var image = Image((10, [1, 1, 1, 1]), (8, [2, 2, 2]), (11, [3]));

        Assert.Equal(8u, Assert.Single(image.Runs.ToArray()).Address);
        Assert.Equal([2, 2, 2, 3, 1, 1], image.Bytes);
    }

    [Fact]
    public void Image_ForImportedMemory_LeavesGapsAlone()
    {
        var bytes = new ModuleBytes()
            .Section(2, [1, .. ModuleBytes.Name("m"), .. ModuleBytes.Name("m"), 2, 0, 1])
            .Section(11, [2, .. Segment(4, [1, 2]), .. Segment(8, [3])])
            .ToArray();

        var image = WasmModule.Load(bytes).DataImage;

        Assert.Equal([new DataRun(4, 0, 2), new DataRun(8, 2, 1)], image.Runs.ToArray());
    }

    [Fact]
    public void Image_EmptySegmentBeyondOthers_CountsForTheRequiredSize()
    {
        var image = Image((4, [1]), (60, []));

        Assert.Equal(60ul, image.RequiredBytes);
        Assert.Single(image.Runs.ToArray());
    }

    [Fact]
    public void Image_AddressFromGlobal_IsNotComplete()
    {
        var bytes = new ModuleBytes()
            .Section(2, [1, .. ModuleBytes.Name("m"), .. ModuleBytes.Name("g"), 3, 0x7F, 0])
            .Section(5, 1, 0, 1)
            .Section(11, 1, 0, 0x23, 0, 0x0B, 1, 9)
            .ToArray();

        Assert.False(WasmModule.Load(bytes).DataImage.IsComplete);
    }

    [Fact]
    public void Image_OfGoModule_HasWhatItsSegmentsSay()
    {
        var module = WasmModule.Load(Repository.Sample("calc"));
        var expected = new byte[module.DataImage.RequiredBytes];
        var actual = new byte[expected.Length];

        foreach (var segment in module.DataSegments)
        {
            var address = (int)ConstantExpressionEvaluator.Evaluate(module, segment.MemoryOffset, _ => 0, _ => 0);
            module.Bytes.AsSpan(segment.Offset, segment.Length).CopyTo(expected.AsSpan(address));
        }

        foreach (var run in module.DataImage.Runs)
            module.DataImage.RunBytes(run).CopyTo(actual.AsSpan((int)run.Address));

        Assert.True(actual.AsSpan().SequenceEqual(expected));
        Assert.InRange(module.DataImage.Runs.Length, 1, 100);
    }

    private static DataImage Image(params (byte Address, byte[] Bytes)[] segments) => WasmModule.Load(new ModuleBytes()
        .Section(5, 1, 0, 1)
        .Section(11, [(byte)segments.Length, .. segments.SelectMany(segment => Segment(segment.Address, segment.Bytes))])
        .ToArray()).DataImage;

    private static byte[] Segment(byte address, byte[] bytes) => [0, .. ModuleBytes.Offset(address), .. ModuleBytes.Sized(bytes)];
}
