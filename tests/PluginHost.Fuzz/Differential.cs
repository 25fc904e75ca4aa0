using PluginHost.Wasm.Binary;
using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Runtime;
using PluginHost.Wasm.Validation;

namespace PluginHost.Fuzz;

/// <summary>Runs a module on engines, in V8 and in wabt's interpreter, and compares what they saw.</summary>
internal sealed class Differential(IReadOnlyList<IExecutionEngine> engines, string folder) : IDisposable
{
    private readonly NodeExecutor _node = new();
    private readonly WabtExecutor _wabt = new(folder);

    /// <summary>The calls that were compared.</summary>
    public long Calls { get; private set; }

    /// <summary>Modules on which wabt's interpreter contradicts both V8 and the engines, who agree.</summary>
    public long WabtAlone { get; private set; }

    /// <summary>Modules that V8 could not be asked about.</summary>
    public long PassedOver { get; private set; }

    /// <returns>What was different; null where nothing was.</returns>
    public string? Compare(byte[] bytes, int seed)
    {
        WasmModule module;

        try
        {
            module = WasmModule.Load(bytes);
        }
        catch (Exception exception) when (exception is MalformedModuleException or InvalidModuleException)
        {
            return _node.Validate(bytes) == false ? null : $"V8 finds the module valid: {exception.Message}";
        }

        var calls = GuestCall.Plan(module, seed);
        var expected = _node.Run(bytes, calls);

        if (expected is null || expected.Results.Contains("trap stack"))
        {
            // Where the native stack ends is each engine's own affair.
            PassedOver++;
            return null;
        }

        foreach (var engine in engines)
        {
            var outcome = new EngineExecutor(engine).Run(module, calls);

            if (outcome.Difference(expected, calls) is { } difference)
                return $"{engine.Name} and V8 at {difference}";
        }

        Calls += calls.Count;

        if (expected.Results.Count == calls.Count && _wabt.Contradiction(module, bytes, calls, expected) is not null)
            WabtAlone++;

        return null;
    }

    public void Dispose() => _node.Dispose();
}
