using PluginHost.Wasm.Compiler;
using PluginHost.Wasm.Interpreter;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Wasm.Tests.Compiler;

public sealed class CompileQueueTests
{
    [Fact]
    public void Queue_Full_LosesNothingButTime()
    {
        const int Functions = 8;
        const int Places = 3;
        var queue = new CompileQueue(Places, hasThread: false);
        var module = new InterpreterModule(LoopModule.Of(Functions), CompilationMode.WhenHot, queue: queue);
        using var instance = module.Instantiate(new Imports());

        LoopModule.AssertRight(instance, Functions, LoopModule.HotTurns);

        Assert.Equal(Places, queue.Waiting);
        Assert.Equal(Places, module.Statistics().Queued);
        Assert.Equal(0, module.Statistics().Compiled.Functions);

        // Those that found no place ask again when they are seen again.
        for (var round = 0; round < Functions / Places + 1; round++)
        {
            while (queue.Waiting > 0)
                queue.CompileNext();

            LoopModule.AssertRight(instance, Functions, LoopModule.HotTurns);
            Assert.InRange(queue.Waiting, 0, Places);
        }

        Assert.Equal(Functions, module.Statistics().Compiled.Functions);
        Assert.Equal((0, 0), (module.Statistics().Refused, queue.Failures));
    }

    [Fact]
    public void Queue_WithoutPlaces_LeavesAllToTheInterpreter()
    {
        var module = new InterpreterModule(LoopModule.Of(2), CompilationMode.WhenHot, queue: new CompileQueue(0, hasThread: false));
        using var instance = module.Instantiate(new Imports());

        LoopModule.AssertRight(instance, 2, LoopModule.HotTurns);

        Assert.Equal((0, 0), (module.Statistics().Queued, module.Statistics().Compiled.Functions));
    }

    [Fact]
    public unsafe void TryAdd_FunctionThatCameFurtherMeanwhile_IsNotTakenAgain()
    {
        var queue = new CompileQueue(10, hasThread: false);
        var module = new InterpreterModule(LoopModule.Of(1), CompilationMode.WhenHot, queue: queue);
        queue.TryAdd(module.Compiler!, module.Slots, Tier.Queued);
        queue.TryAdd(module.Compiler!, module.Slots, Tier.Queued);
        Assert.Equal(1, queue.Waiting);
        queue.CompileNext();

        queue.TryAdd(module.Compiler!, module.Slots, Tier.Queued);

        Assert.Equal(0, queue.Waiting);
        Assert.Equal(1, module.Statistics().Compiled.Functions);
    }

    [Fact]
    public unsafe void Compile_Fault_LeavesTheFunctionToTheInterpreterAndCompilesTheRestOfItsBatch()
    {
        const int Functions = 4;
        var queue = new CompileQueue(10, hasThread: false);
        var module = new InterpreterModule(LoopModule.WithInvalidFunction(Functions), CompilationMode.WhenHot, queue: queue);

        for (var function = Functions; function >= 0; function--)
            queue.TryAdd(module.Compiler!, module.Slots + function, Tier.Queued);

        queue.CompileNext();

        Assert.Equal((0, 1), (queue.Waiting, queue.Failures));
        AssertOneFault(module, Functions);
    }

    [Fact]
    public void Compile_FaultWhenAllIsCompiledAtLoad_LeavesTheFunctionToTheInterpreter() =>
        AssertOneFault(CompiledEngine.Instance.Prepare(LoopModule.WithInvalidFunction(4)), 4);

    private static void AssertOneFault(ExecutableModule module, int functions)
    {
        using var instance = module.Instantiate(new Imports());

        LoopModule.AssertRight(instance, functions, 100);

        var tiers = module.Statistics();
        Assert.Equal((functions, 1, 1, 0), (tiers.Compiled.Functions, tiers.Refused, tiers.Faults, tiers.Queued));
    }
}
