using PluginHost.Wasi.Functions;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Wasi;

/// <summary>The functions of <c>wasi_snapshot_preview1</c>. They hold no state: one set serves every instance, each with its own <see cref="WasiContext"/>.</summary>
public static class WasiImports
{
    /// <summary>The module name under which guests import them.</summary>
    public const string ModuleName = "wasi_snapshot_preview1";

    /// <summary>Offers all of them.</summary>
    public static void AddTo(Imports imports)
    {
        var table = new FunctionTable(imports);
        ArgsFunctions.AddTo(table);
        EnvironFunctions.AddTo(table);
        ClockFunctions.AddTo(table);
        FdFunctions.AddTo(table);
        PathFunctions.AddTo(table);
        PollFunctions.AddTo(table);
        ProcFunctions.AddTo(table);
        RandomFunctions.AddTo(table);
        SchedFunctions.AddTo(table);
        SockFunctions.AddTo(table);
    }
}
