using PluginHost.Plugins.Telemetry;

namespace PluginHost.Plugins.Tests.Telemetry;

public sealed class PluginLogTests
{
    [Fact]
    public void Read_MoreLinesThanAreKept_GivesTheNewest()
    {
        var log = new PluginLog(capacity: 3, followers: 1);

        for (var line = 1; line <= 5; line++)
            Add(log, $"line {line}");

        Assert.Equal(["line 3", "line 4", "line 5"], log.Read(0, 100).Select(line => line.Text).ToArray());
        Assert.Equal(["line 5"], log.Read(0, 1).Select(line => line.Text).ToArray());
        Assert.Equal(["line 5"], log.Read(4, 100).Select(line => line.Text).ToArray());
        Assert.Equal(5, log.Written);
    }

    [Fact]
    public async Task Follow_FromAKnownLine_GivesTheKeptOnesAndThenTheNewOnes()
    {
        var log = new PluginLog(capacity: 10, followers: 1);
        Add(log, "one");
        Add(log, "two");

        using var subscription = log.Follow(after: 1)!;
        Add(log, "three");

        Assert.Equal("two", (await subscription.Lines.ReadAsync()).Text);
        Assert.Equal("three", (await subscription.Lines.ReadAsync()).Text);
    }

    [Fact]
    public void Follow_MoreReadersThanAllowed_IsRefusedUntilOneLeaves()
    {
        var log = new PluginLog(capacity: 10, followers: 1);

        var first = log.Follow(0);
        Assert.Null(log.Follow(0));
        first!.Dispose();

        using var second = log.Follow(0);
        Assert.NotNull(second);
    }

    [Fact]
    public async Task Close_WithAReader_CompletesIt()
    {
        var log = new PluginLog(capacity: 10, followers: 1);
        using var subscription = log.Follow(0)!;
        Add(log, "last");

        log.Close();

        Assert.Equal("last", (await subscription.Lines.ReadAsync()).Text);
        Assert.False(await subscription.Lines.WaitToReadAsync());
    }

    [Fact]
    public void Add_ReaderThatNeverReads_IsNotWaitedFor()
    {
        var log = new PluginLog(capacity: 10, followers: 1);
        using var subscription = log.Follow(0)!;

        for (var line = 0; line < 10_000; line++)
            Add(log, "line");

        Assert.Equal(10_000, log.Written);
        Assert.InRange(subscription.Lines.Count, 1, 1_024);
    }

    private static void Add(PluginLog log, string text) => log.Add(DateTimeOffset.UnixEpoch, "stdout", 1, 1, 1, text);
}
