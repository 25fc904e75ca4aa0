using PluginHost.Plugins.Telemetry;

namespace PluginHost.Plugins.Tests.Telemetry;

public sealed class LatencyHistogramTests
{
    [Fact]
    public void Summarize_NothingAdded_IsZero()
    {
        Assert.Equal(new LatencySummary(0, 0, 0, 0, 0, 0), new LatencyHistogram().Summarize());
    }

    [Fact]
    public void Summarize_KnownDurations_GivesPercentilesWithinASixteenth()
    {
        var histogram = new LatencyHistogram();

        for (var milliseconds = 1; milliseconds <= 1_000; milliseconds++)
            histogram.Add(TimeSpan.FromMilliseconds(milliseconds));

        var summary = histogram.Summarize();

        Assert.Equal(1_000, summary.Count);
        Assert.Equal(500.5, summary.Mean, 6);
        Assert.Equal(1_000, summary.Maximum);
        Assert.InRange(summary.P50, 500, 500 * 17 / 16.0);
        Assert.InRange(summary.P90, 900, 900 * 17 / 16.0);
        Assert.InRange(summary.P99, 990, 1_000);
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    [InlineData(0)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData((1L << 40) - 1)]
    [InlineData(1L << 40)]
    public void Add_ExtremeDuration_IsCounted(long ticks)
    {
        var histogram = new LatencyHistogram();

        histogram.Add(TimeSpan.FromTicks(ticks));
        var summary = histogram.Summarize();

        Assert.Equal(1, summary.Count);
        Assert.Equal(summary.Maximum, summary.P99);
    }
}
