using PluginHost.Wasm.Binary;
using PluginHost.Wasm.Modules;

namespace PluginHost.Wasm.Validation;

/// <summary>
/// Validates one function (spec 3.3 and the algorithm of its appendix) in one pass over its bytes, and drives a sink with what can be reached. Types are bytes
/// on a stack of its own; nothing is allocated for an instruction or a block, and nothing recurses.
/// </summary>
public static class FunctionValidator
{
    [ThreadStatic]
    private static ValidationStacks? _stacks;

    /// <summary>Validates the function <paramref name="function"/> of the function index space, which the module must define.</summary>
    /// <exception cref="MalformedModuleException">Its bytes are not those of a function.</exception>
    /// <exception cref="InvalidModuleException">It is not valid.</exception>
    public static void Validate<TSink>(WasmModule module, uint function, ref TSink sink)
        where TSink : IFunctionSink
    {
        // A sink that validates another function meanwhile gets other stacks.
        var stacks = _stacks ?? new ValidationStacks();
        _stacks = null;
        stacks.Clear();
        var pass = new FunctionPass<TSink>(module, function, stacks, ref sink);

        try
        {
            pass.Run();
        }
        catch (InvalidModuleException)
        {
            BodySyntax.Check(module, module.FunctionBodies[(int)function - module.ImportedFunctionCount]);
            throw;
        }

        if (stacks.IsWorthKeeping)
            _stacks = stacks;
    }
}
