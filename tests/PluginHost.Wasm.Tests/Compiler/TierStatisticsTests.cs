using PluginHost.Wasm.Compiler;
using PluginHost.Wasm.Interpreter;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Wasm.Tests.Compiler;

public sealed class TierStatisticsTests
{
    [Fact]
    public void Statistics_OfTheInterpreter_HaveTheFunctionsThatWereCalled()
    {
        var module = InterpreterEngine.Instance.Prepare(LoopModule.Of(4));
        using var instance = module.Instantiate(new Imports());
        Assert.Equal(new TierStatistics(4, new InterpretedCode(0, 0), new CompiledCode(0, 0), new CompiledCode(0, 0), 0, 0, false, TimeSpan.Zero, 0), module.Statistics());

        LoopModule.Call(instance, 2, LoopModule.HotTurns, 1);

        var tiers = module.Statistics();
        Assert.Equal(3, tiers.Interpreted.Functions);
        Assert.True(tiers.Interpreted.Bytes > 0);
        Assert.Equal(new TierStatistics(4, tiers.Interpreted, new CompiledCode(0, 0), new CompiledCode(0, 0), 0, 0, false, TimeSpan.Zero, 0), tiers);
    }

    [Fact]
    public void Statistics_OfAModuleCompiledAtLoad_HaveAllItsFunctions()
    {
        var tiers = CompiledEngine.Instance.Prepare(LoopModule.Of(4)).Statistics();

        Assert.Equal((4, 0, 4, 0), (tiers.Functions, tiers.Interpreted.Functions, tiers.Compiled.Functions, tiers.Refused));
        Assert.True(tiers.Compiled.IlBytes > 0);
        Assert.True(tiers.CompileTime > TimeSpan.Zero);
    }

    [Fact]
    public void Statistics_OfAHotFunction_FollowItFromTierToTier()
    {
        var queue = new CompileQueue(10, hasThread: false);
        var module = new InterpreterModule(LoopModule.Of(2), CompilationMode.WhenHot, queue: queue);
        using var instance = module.Instantiate(new Imports());
        LoopModule.Call(instance, 0, LoopModule.HotTurns, 1);
        var queued = module.Statistics();

        queue.CompileNext();

        var compiled = module.Statistics();
        Assert.Equal((1, 1, 0), (queued.Interpreted.Functions, queued.Queued, queued.Compiled.Functions));
        Assert.Equal((1, 0, 1), (compiled.Interpreted.Functions, compiled.Queued, compiled.Compiled.Functions));
    }
}
