using PluginHost.Wasi.Tests.Support;

namespace PluginHost.Wasi.Tests.Engines;

/// <summary>Go's linker leaves 8 KiB of every module's memory to a host, and so does everything that Go runs: whoever calls plugins may put arguments there.</summary>
public sealed class ArgumentAreaTests
{
    private const uint Begin = 4_096;
    private const int Length = 8_192;

    [Theory]
    [InlineData("calc")]
    [InlineData("counter")]
    [InlineData("goroutines")]
    [InlineData("text")]
    [InlineData("crypto")]
    [InlineData("kernels")]
    public void Sample_WhateverItDoes_LeavesTheAreaAsItIs(string sample)
    {
        using var reactor = new Reactor("tiered", sample);
        Assert.Equal(new byte[Length], reactor.Instance.Memory!.Span(Begin, Length).ToArray());
        var pattern = new byte[Length];
        new Random(1).NextBytes(pattern);
        pattern.CopyTo(reactor.Instance.Memory!.Span(Begin, Length));

        var wrong = SampleRow.Table(sample).Where(row => !row.Matches(reactor.Call(row.Export, [.. row.Arguments]))).ToList();

        Assert.Empty(wrong);
        Assert.Equal(pattern, reactor.Instance.Memory!.Span(Begin, Length).ToArray());
    }
}
