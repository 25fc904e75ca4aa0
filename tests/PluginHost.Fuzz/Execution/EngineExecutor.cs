using PluginHost.Fuzz.Cases;
using PluginHost.Wasm.Interpreter;
using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Fuzz.Execution;

/// <summary>One of our own engines.</summary>
internal sealed class EngineExecutor(IExecutionEngine engine) : IExecutor
{
    // Small enough for other engines' stacks to hold as many frames, so that only real recursion ends a comparison.
    private const int MaximumCallDepth = 2_000;

    /// <summary>The pages that a memory may grow to: more cost only time.</summary>
    public const uint MaximumPages = 2_048;

    // Calls whose fuel is counted never enter compiled code: only the interpreter's are, and where one is given up, the others do not make it.
    private readonly ExecutionBudget _budget = new(TimeSpan.FromSeconds(20), Fuel: engine == InterpreterEngine.Instance ? 3_000_000 : null);

    public string Name => engine.Name;

    public ExecutionRecord Run(FuzzCase test, int calls)
    {
        var log = new HostLog();
        var imports = new Imports();

        foreach (var host in HostModule.All)
            host.AddTo(imports);

        var global = new Global(new GlobalType(ValueType.I64, IsMutable: true), 0);
        imports.Add(HostModule.Fuzzing.Name, HostModule.GlobalExport, global);

        WasmInstance? instance = null;
        ExecutableModule? executable = null;

        try
        {
            var started = Attempt(0, _ =>
            {
                executable = engine.Prepare(WasmModule.Load(test.Bytes));
                instance = executable.Instantiate(imports, new InstanceOptions { MaximumCallDepth = MaximumCallDepth, MaximumMemoryPages = MaximumPages, States = [log] }, _budget);
            });

            if (instance is null)
                return Record(started, [], null);

            var outcomes = new List<Outcome>();

            for (var i = 0; i < calls; i++)
            {
                var call = test.Calls[i];
                var function = (WasmFunction)instance.Export(call.Export);
                outcomes.Add(Attempt(call.Type.Results.Length, results => instance.Invoke(function, call.Arguments, results, _budget)));

                if (outcomes[^1].IsLimit)
                    return Record(started, outcomes, null);
            }

            return Record(started, outcomes, State(test, instance, log));
        }
        finally
        {
            instance?.Dispose();
        }

        ExecutionRecord Record(Outcome started, List<Outcome> outcomes, FinalState? state)
        {
            var tiers = executable?.Statistics();

            // The interpreter runs what the compiler fails at, so that nothing else tells of it.
            return new ExecutionRecord(Name, tiers is { Faults: > 0 } ? Outcome.Trapped(TrapSet.Crash) : started, outcomes, state, tiers);
        }
    }

    public void Dispose()
    {
    }

    private static Outcome Attempt(int count, Action<ulong[]> action)
    {
        var results = new ulong[count];

        try
        {
            action(results);
            return new Outcome(results, TrapSet.None);
        }
        catch (TrapException trap)
        {
            return Outcome.Trapped((TrapSet)(1 << (int)trap.Kind));
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Whatever else comes out of a guest's call is the finding, and the run goes on.
            Console.Error.WriteLine(exception);
            return Outcome.Trapped(TrapSet.Crash);
        }
    }

    private static FinalState State(FuzzCase test, WasmInstance instance, HostLog log)
    {
        // Others see an exported memory only.
        var memory = test.Module.Exports.Any(export => export.Kind == ExternalKind.Memory) ? instance.Memory : null;
        var pages = memory?.Pages ?? 0;
        var bytes = pages == 0 ? [] : memory!.Span(0, pages * LinearMemory.PageSize);
        return new FinalState(pages, Digest.OfMemory(bytes), log.Digest, [.. test.Globals.Select(export => ((Global)instance.Export(export.Name)).Value)]);
    }
}
