using PluginHost.Wasm.Compiler;
using PluginHost.Wasm.Interpreter;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Wasm.Tests.Compiler;

public sealed class CompilationLimitsTests
{
    private const int Functions = 8;

    [Theory]
    [InlineData(CompilationMode.AtLoad)]
    [InlineData(CompilationMode.WhenHot)]
    public void IlBytes_OfHalfTheModule_LeaveTheOtherHalfInterpreted(object mode)
    {
        var whole = Run((CompilationMode)mode, CompilationLimits.Default);
        var half = new CompilationLimits { IlBytes = whole.Compiled.IlBytes / 2 };

        var limited = Run((CompilationMode)mode, half);

        Assert.Equal((Functions, false), (whole.Compiled.Functions, whole.LimitReached));
        Assert.InRange(limited.Compiled.IlBytes, 1, half.IlBytes);
        Assert.InRange(limited.Compiled.Functions, 1, Functions - 1);
        Assert.Equal((Functions - limited.Compiled.Functions, true), (limited.Refused, limited.LimitReached));
    }

    [Theory]
    [InlineData(CompilationMode.AtLoad)]
    [InlineData(CompilationMode.WhenHot)]
    public void IlBytes_None_CompileNothing(object mode)
    {
        var tiers = Run((CompilationMode)mode, new CompilationLimits { IlBytes = 0 });

        Assert.Equal((0, Functions, Functions), (tiers.Compiled.Functions, tiers.Refused, tiers.Interpreted.Functions));
        Assert.Equal((0, 0), (tiers.Faults, tiers.Queued));
    }

    /// <summary>Has all functions compiled that may be, and checks what they compute before and after.</summary>
    private static TierStatistics Run(CompilationMode mode, CompilationLimits limits)
    {
        var queue = new CompileQueue(Functions, hasThread: false);
        var module = new InterpreterModule(LoopModule.Of(Functions), mode, limits, queue: queue);
        using var instance = module.Instantiate(new Imports());
        LoopModule.AssertRight(instance, Functions, LoopModule.HotTurns);

        while (queue.Waiting > 0)
            queue.CompileNext();

        LoopModule.AssertRight(instance, Functions, LoopModule.HotTurns);
        Assert.Equal(0, queue.Waiting);
        return module.Statistics();
    }
}
