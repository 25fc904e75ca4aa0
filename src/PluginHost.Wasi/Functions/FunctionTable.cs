using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Wasi.Functions;

/// <summary>A function of WASI: its result is the errno, and everything else goes through the guest's memory.</summary>
internal delegate Errno WasiFunction(ref HostCall call, WasiContext context);

/// <summary>Registers functions under their names, with their signatures written by one letter a parameter: i for i32, I for i64.</summary>
internal sealed class FunctionTable(Imports imports)
{
    public void Add(string name, string parameters, WasiFunction function) => imports.Add(
        WasiImports.ModuleName,
        name,
        new FunctionType([.. parameters.Select(Type)], [ValueType.I32]),
        (ref call) =>
        {
            call.Return((int)function(ref call, call.State<WasiContext>()));

            // Guest code looks after thousands of branches only, and before each of them it may have waited for a disk.
            call.ThrowIfInterrupted();
        });

    /// <summary>A function that does not return to the guest.</summary>
    public void AddNoReturn(string name, string parameters, HostCallback callback) =>
        imports.Add(WasiImports.ModuleName, name, new FunctionType([.. parameters.Select(Type)], []), callback);

    private static ValueType Type(char letter) => letter == 'I' ? ValueType.I64 : ValueType.I32;
}
