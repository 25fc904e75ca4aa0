using PluginHost.Fuzz.Execution;
using PluginHost.Wasm.Compiler;
using PluginHost.Wasm.Modules;

namespace PluginHost.Fuzz;

/// <summary>What a run did.</summary>
internal sealed class FuzzReport
{
    public int Cases { get; set; }

    /// <summary>Calls that were compared.</summary>
    public long Calls { get; set; }

    /// <summary>Calls of those that trapped.</summary>
    public long Traps { get; set; }

    /// <summary>Cases in which a limit ended the comparison before the end.</summary>
    public int Limited { get; set; }

    /// <summary>Cases that the generator did not deliver.</summary>
    public int Skipped { get; set; }

    /// <summary>Cases that wabt is known to be wrong about.</summary>
    public int Undecided { get; set; }

    /// <summary>Functions in Go's convention in modules that are to be taken for Go's, and how many of them the compiler takes.</summary>
    public int GoFunctions { get; private set; }

    public int TakenFunctions { get; private set; }

    /// <summary>Functions that were compiled when a module was loaded, and functions of such modules that were interpreted all the same.</summary>
    public int CompiledFunctions { get; private set; }

    public int InterpretedFunctions { get; private set; }

    public int Findings { get; set; }

    public TimeSpan Elapsed { get; set; }

    public void Count(ExecutionRecord record)
    {
        Calls += record.Outcomes.Count(outcome => !outcome.IsLimit);
        Traps += record.Outcomes.Count(outcome => outcome.Traps != TrapSet.None && !outcome.IsLimit);

        if (record.State is null && record.Instantiation.Traps == TrapSet.None)
            Limited++;
    }

    public void CountTiers(ExecutionRecord record)
    {
        if (record.Engine != CompiledEngine.Instance.Name || record.Tiers is not { } tiers)
            return;

        CompiledFunctions += tiers.Compiled.Functions;
        InterpretedFunctions += tiers.Interpreted.Functions;
    }

    public void CountTaken(byte[] bytes)
    {
        var module = WasmModule.Load(bytes);
        var functions = new GoFunctions(module);

        for (var function = (uint)module.ImportedFunctionCount; function < module.FunctionTypeIndices.Length; function++)
        {
            if (!functions.IsGoType(module.FunctionTypeIndices[(int)function]))
                continue;

            GoFunctions++;
            TakenFunctions += functions.Find(function) is null ? 0 : 1;
        }
    }

    public override string ToString() =>
        $"{Cases:N0} cases, {Calls:N0} calls ({Traps:N0} trapped), {Limited:N0} cases cut short by a limit, {Skipped:N0} skipped, {Undecided:N0} not for wabt, {Taken}{Tiers}{Elapsed.TotalSeconds:N0} s: {Findings:N0} findings";

    private string Taken => GoFunctions == 0 ? "" : $"{100.0 * TakenFunctions / GoFunctions:F1} % of {GoFunctions:N0} functions taken for Go's, ";

    private string Tiers => CompiledFunctions == 0 ? "" : $"{CompiledFunctions:N0} functions compiled, {InterpretedFunctions:N0} of them interpreted for a time, ";
}
