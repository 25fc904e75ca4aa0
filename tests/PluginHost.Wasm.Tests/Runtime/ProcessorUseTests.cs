using System.Diagnostics;
using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Wasm.Tests.Runtime;

public sealed class ProcessorUseTests
{
    private static readonly long Look = Stopwatch.Frequency / 500;

    private readonly ProcessorUse _use = new();
    private long _now = Stopwatch.GetTimestamp();

    [Fact]
    public void Use_OfAThirdOfAProcessor_IsNeverHeavy() => Assert.DoesNotContain(true, Looks(3_000, i => i % 3 == 0 ? 1 : 0));

    [Fact]
    public void Use_OfAWholeProcessor_IsHeavyUntilItRests()
    {
        Assert.True(Looks(100, _ => 1)[^1]);
        Assert.False(Looks(100, _ => 0)[^1]);
    }

    [Fact]
    public void Use_OfManyInstances_CountsThemTogether()
    {
        // Two of them, half of the time.
        Assert.True(Looks(200, i => i % 2 == 0 ? 2 : 0)[^1]);
    }

    [Fact]
    public void Use_HoweverLong_IsForgivenWithinAFifthOfASecond()
    {
        Looks(100_000, _ => 8);

        Assert.False(Looks(101, _ => 0)[^1]);
    }

    [Theory]
    [EngineData]
    public async Task ShortCalls_OnNewInstancesWithoutPause_AreHeavyAndStillAnswered(string engine)
    {
        // (func (param i32) (result i32) (loop (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))) (i32.const 7)).
        var module = ExecutionEngines.Named(engine).Prepare(WasmModule.Load(new ModuleBuilder()
            .Function("count", [ModuleBuilder.I32], [ModuleBuilder.I32], 0x03, 0x40, 0x20, 0, 0x41, 1, 0x6B, 0x22, 0, 0x0D, 0, 0x0B, 0x41, 7)
            .ToArray()));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));

        for (var heavy = 0; heavy < 10; heavy += module.Use.IsHeavy ? 1 : 0)
        {
            using var instance = module.Instantiate(new Imports());
            Assert.Equal(7UL, Count(instance, 2_000_000));
            patience.Token.ThrowIfCancellationRequested();
        }

        using var last = module.Instantiate(new Imports());
        Count(last, 1);

        while (module.Use.IsHeavy)
            await Task.Delay(1, patience.Token);
    }

    private static ulong Count(WasmInstance instance, ulong times)
    {
        Assert.True(instance.TryGetFunction("count", out var count));
        var results = new ulong[1];
        instance.Invoke(count, [times], results, new ExecutionBudget(TimeSpan.FromMinutes(5)));
        return results[0];
    }

    /// <summary>Looks at so many instances at a time as <paramref name="computing"/> says; whether it was heavy after each.</summary>
    private List<bool> Looks(int count, Func<int, int> computing)
    {
        var heavy = new List<bool>();

        for (var i = 0; i < count; i++)
        {
            _now += Look;
            _use.Count(_now, 0);

            for (var instance = 0; instance < computing(i); instance++)
                _use.Count(_now, Look);

            heavy.Add(_use.IsHeavy);
        }

        return heavy;
    }
}
