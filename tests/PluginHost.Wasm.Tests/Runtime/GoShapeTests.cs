using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Wasm.Tests.Runtime;

/// <summary>Code in the shapes that Go's compiler emits, and almost in them: what an engine does to those shapes must not be seen.</summary>
public sealed class GoShapeTests
{
    // block block; get 0; br_table 0 1; end; 10; return; end; 20; return
    private static readonly byte[] s_tableOnSelector = [0x02, 0x40, 0x02, 0x40, 0x20, 0, 0x0E, 1, 0, 1, 0x0B, 0x41, 10, 0x0F, 0x0B, 0x41, 20, 0x0F];

    [Theory]
    [EngineData]
    public void Dispatch_WhereASecondTableReadsTheSelector_SeesTheJumpsConstant(string engine)
    {
        // loop block block; get 0; br_table 0 1; end; 1; set 0; br 1; end …
        byte[] code = [0x03, 0x40, 0x02, 0x40, 0x02, 0x40, 0x20, 0, 0x0E, 1, 0, 1, 0x0B, 0x41, 1, 0x21, 0, 0x0C, 1, 0x0B, .. s_tableOnSelector, 0x0B, 0x00];

        Assert.Equal(20UL, Call(engine, code, 0));
        Assert.Equal(20UL, Call(engine, code, 1));
    }

    [Theory]
    [EngineData]
    public void Dispatch_WhereAnotherLoopsTableReadsTheSelector_SeesTheJumpsConstant(string engine)
    {
        byte[] code = [0x03, 0x40, 0x02, 0x40, 0x02, 0x40, 0x20, 0, 0x0E, 1, 0, 1, 0x0B, 0x41, 1, 0x21, 0, 0x0C, 1, 0x0B, 0x03, 0x40, .. s_tableOnSelector, 0x0B, 0x00, 0x0B, 0x00];

        Assert.Equal(20UL, Call(engine, code, 0));
    }

    /// <summary>Runs a function of type (i32) -> (i32).</summary>
    private static ulong Call(string engine, byte[] code, ulong argument)
    {
        var bytes = new ModuleBuilder().Function("run", [ModuleBuilder.I32], [ModuleBuilder.I32], code).ToArray();
        using var instance = ExecutionEngines.Named(engine).Prepare(WasmModule.Load(bytes)).Instantiate(new Imports());
        Assert.True(instance.TryGetFunction("run", out var function));
        var results = new ulong[1];

        instance.Invoke(function, [argument], results);

        return results[0];
    }
}
