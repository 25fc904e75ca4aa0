using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using PluginHost.Plugins.Memory;
using PluginHost.Plugins.Pooling;
using PluginHost.Plugins.Tests.Support;

namespace PluginHost.Plugins.Tests.Memory;

public sealed class IdleMemoryTests
{
    private const long Megabyte = 1024 * 1024;
    private const int IdleSeconds = 5;

    private readonly ManualClock _clock = new();
    private readonly IdleMemory _memory;

    public IdleMemoryTests() => _memory = new IdleMemory(
        new InstanceCapacity(1), _clock, Options.Create(new PluginHostOptions { Limits = { IdleSeconds = IdleSeconds } }), NullLogger<IdleMemory>.Instance);

    [Fact]
    public void Memory_AfterWork_IsDueOnceWhenNothingHappensAnyMore()
    {
        Assert.False(_memory.IsDue(100 * Megabyte, 0));
        Assert.Equal([4], Due(100 * Megabyte, step: 0, seconds: 60));
    }

    [Fact]
    public void Memory_WhileWorkGoesOn_IsNeverDue() => Assert.Empty(Due(0, step: Megabyte, seconds: 1_000));

    [Fact]
    public void Memory_WithProbesOnly_IsDueAgainOnlyWhenTheyHaveAddedUp()
    {
        Assert.False(_memory.IsDue(100 * Megabyte, 0));

        // 10 KiB a second: 32 MiB take 3,277 seconds.
        Assert.Equal([4, 3_281], Due(100 * Megabyte, step: 10 * 1024, seconds: 6_000));
    }

    [Fact]
    public void Memory_AfterLittleWork_IsNotDue()
    {
        Assert.False(_memory.IsDue(10 * Megabyte, 0));
        Assert.Empty(Due(10 * Megabyte, step: 0, seconds: 60));
    }

    [Fact]
    public void Memory_AfterAPoolHasEnded_IsDueHoweverLittleWasAllocated()
    {
        Assert.False(_memory.IsDue(10 * Megabyte, 0));
        Assert.False(_memory.IsDue(10 * Megabyte, 1));
        Assert.Equal([4], Due(10 * Megabyte, step: 0, seconds: 60, removed: 1));
    }

    /// <summary>The seconds at which memory was due, where <paramref name="step"/> bytes are allocated in each.</summary>
    private List<int> Due(long allocated, long step, int seconds, long removed = 0)
    {
        var due = new List<int>();

        for (var second = 0; second < seconds; second++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            allocated += step;

            if (_memory.IsDue(allocated, removed))
                due.Add(second);
        }

        return due;
    }
}
