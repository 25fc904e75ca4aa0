using PluginHost.Wasi.Tests.Support;

namespace PluginHost.Wasi.Tests.Engines;

/// <summary>Every call of the samples' tables gives what native Go gave, however its code is run, and wherever in it one tier takes over from another.</summary>
public sealed class SampleTierTests
{
    [Theory]
    [TierData("calc")]
    [TierData("counter")]
    [TierData("goroutines")]
    [TierData("text")]
    [TierData("crypto")]
    [TierData("kernels")]
    public void Sample_EveryRowOfItsTable_GivesWhatNativeGoGives(string engine, string sample)
    {
        using var reactor = new Reactor(engine, sample);
        var rows = SampleRow.Table(sample);

        var wrong = rows.Where(row => !row.Matches(reactor.Call(row.Export, [.. row.Arguments]))).ToList();

        Assert.NotEmpty(rows);
        Assert.Empty(wrong);
    }
}
