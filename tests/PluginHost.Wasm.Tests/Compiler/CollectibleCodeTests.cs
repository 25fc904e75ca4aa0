using System.Runtime.CompilerServices;
using PluginHost.Wasm.Compiler;
using PluginHost.Wasm.Interpreter;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Wasm.Tests.Compiler;

[Collection(nameof(AloneCollection))]
public sealed class CollectibleCodeTests
{
    private const int Modules = 50;
    private const int Functions = 4;

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    [Theory]
    [EngineData]
    public void Code_OfModulesThatWereDropped_IsGivenBack(string engine)
    {
        Until(() => CompileQueue.Shared.Waiting == 0);
        Collect();
        var assemblies = Assemblies();
        var dropped = new List<WeakReference>();

        for (var i = 0; i < Modules; i++)
            RunAndDrop(engine, dropped);

        Until(() => dropped.TrueForAll(reference => !reference.IsAlive) && Assemblies() <= assemblies);

        Assert.All(dropped, reference => Assert.False(reference.IsAlive));
        Assert.InRange(Assemblies(), 0, assemblies);
    }

    [Theory]
    [InlineData("tiered")]
    [InlineData("compiled")]
    public void Code_OfAModuleThatIsHeld_Stays(string engine)
    {
        var dropped = new List<WeakReference>();
        var module = RunHot(engine, dropped);
        using var instance = module.Instantiate(new Imports());

        for (var i = 0; i < 5; i++)
            Collect();

        Assert.All(dropped, reference => Assert.True(reference.IsAlive));
        Assert.InRange(Assemblies(), 1, int.MaxValue);
        LoopModule.AssertRight(instance, Functions, 1_000);
        GC.KeepAlive(module);
    }

    /// <summary>Leaves nothing of the module on the caller's stack.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void RunAndDrop(string engine, List<WeakReference> dropped) => RunHot(engine, dropped);

    /// <summary>Runs a module's functions until all are compiled, where the engine compiles.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static InterpreterModule RunHot(string engine, List<WeakReference> references)
    {
        var module = (InterpreterModule)ExecutionEngines.Named(engine).Prepare(LoopModule.Of(Functions));
        using var instance = module.Instantiate(new Imports());

        Until(() =>
        {
            LoopModule.AssertRight(instance, Functions, LoopModule.HotTurns);
            return module.Compiler is null || module.Statistics().Compiled.Functions == Functions;
        });

        references.Add(new WeakReference(module));

        if (module.Compiler is { } compiler)
            references.Add(new WeakReference(compiler));

        return module;
    }

    /// <summary>The assemblies of generated code that there are.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Assemblies() => AppDomain.CurrentDomain.GetAssemblies().Count(assembly => assembly.IsDynamic && assembly.GetName().Name == "compiled");

    private static void Until(Func<bool> condition)
    {
        var end = DateTime.UtcNow + s_patience;

        while (!condition() && DateTime.UtcNow < end)
            Collect();
    }

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Thread.Sleep(1);
    }
}
