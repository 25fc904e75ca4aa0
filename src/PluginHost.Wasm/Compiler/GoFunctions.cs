using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Validation;

namespace PluginHost.Wasm.Compiler;

/// <summary>What is known of a module's functions in Go's convention: looked for when it is asked for.</summary>
internal sealed class GoFunctions(WasmModule module)
{
    private readonly bool _hasGoConvention = module.ImportedGlobalCount == 0 && module.Globals.Length > 0 && module.Globals[0] is { ValueType: ValueType.I32, IsMutable: true }
        && module is { Memory: not null, ImportsMemory: false };

    private readonly Dictionary<uint, GoFunction?> _functions = [];
    private HashSet<uint>? _neverReturnZero;
    private readonly Dictionary<uint, bool> _preserveSp = [];

    /// <summary>Whether functions of the type are called in Go's convention: those from i32 to i32, where global 0 is an i32 of the module's own.</summary>
    public bool IsGoType(uint type) => _hasGoConvention && module.Types[(int)type] is { Parameters: [ValueType.I32], Results: [ValueType.I32] };

    /// <summary>What was proved of the function's shape; null where it is not Go's.</summary>
    public GoFunction? Find(uint function)
    {
        if (!_functions.TryGetValue(function, out var found))
        {
            found = Scan(function).Finish((_neverReturnZero ??= FindNeverReturnZero()).Contains);
            _functions.Add(function, found);
        }

        return found;
    }

    /// <summary>Whether a function is known to leave global 0 alone.</summary>
    public bool PreservesSp(uint function)
    {
        if (function < (uint)module.ImportedFunctionCount)
            return false;

        if (!_preserveSp.TryGetValue(function, out var known))
        {
            known = !Scan(function).MayMoveSp;
            _preserveSp.Add(function, known);
        }

        return known;
    }

    /// <summary>
    /// Finds the functions whose every return is known to give something else than 0, as they unwind or trap: panics, and what grows the stack. All are taken for
    /// such at first, and those that are seen to return 0 are taken away until none is left that is. What is left cannot return 0: the first to do so would
    /// have to call another that had done so before.
    /// </summary>
    private HashSet<uint> FindNeverReturnZero()
    {
        var flows = new Dictionary<uint, GoFlow>();

        for (var i = 0; i < module.FunctionBodies.Length; i++)
        {
            var function = (uint)(module.ImportedFunctionCount + i);

            // Most return 0 whatever their callees do: the flows of a whole module are many megabytes, and these need not be kept.
            if (IsGoType(module.FunctionTypeIndices[function]) && Scan(function).Flow() is { } flow && flow.NeverReturnsZero(static _ => true))
                flows.Add(function, flow);
        }

        var found = flows.Keys.ToHashSet();

        while (found.RemoveWhere(function => !flows[function].NeverReturnsZero(found.Contains)) > 0)
        {
        }

        return found;
    }

    private GoFunctionScan Scan(uint function)
    {
        var scan = new GoFunctionScan(module, IsGoType);
        FunctionValidator.Validate(module, function, ref scan);
        return scan;
    }
}
