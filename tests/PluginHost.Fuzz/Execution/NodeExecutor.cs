using System.Text.Json.Nodes;
using PluginHost.Fuzz.Cases;
using PluginHost.Wasm.Modules;

namespace PluginHost.Fuzz.Execution;

/// <summary>V8, in node.</summary>
internal sealed class NodeExecutor(NodeProcess node) : IExecutor
{
    public string Name => "v8";

    public ExecutionRecord Run(FuzzCase test, int calls)
    {
        var answer = node.Ask(new JsonObject
        {
            ["operation"] = "run",
            ["module"] = Convert.ToBase64String(test.Bytes),
            ["calls"] = new JsonArray([.. test.Calls.Take(calls).Select(JsonNode (call) => Call(call))]),
            ["globals"] = new JsonArray([.. test.Globals.Select(JsonNode (export) => Global(export, test.Module))]),
        });

        if (answer is null)
            return new ExecutionRecord(Name, Outcome.Trapped(TrapSet.DeadlineExceeded), [], null);

        if (answer["start"] is { } start)
            return new ExecutionRecord(Name, Outcome.Trapped(TrapMessages.Parse(start.GetValue<string>())), [], null);

        var outcomes = answer["outcomes"]!.AsArray().Select(ReadOutcome).ToArray();
        var log = HostModule.Wasi.IsImportedBy(test.Module) ? 1 : 0;
        var state = new FinalState(
            answer["pages"]!.GetValue<uint>(),
            Parse(answer["memory"]!),
            Parse(answer["logs"]![log]!),
            [.. answer["globals"]!.AsArray().Select(value => Parse(value!))]);

        return new ExecutionRecord(Name, new Outcome([], TrapSet.None), outcomes, state);
    }

    public void Dispose() => node.Dispose();

    private static JsonObject Call(FuzzCall call) => new JsonObject
    {
        ["name"] = call.Export,
        ["parameters"] = Letters(call.Type.Parameters),
        ["results"] = Letters(call.Type.Results),
        ["args"] = new JsonArray([.. call.Arguments.Select(bits => (JsonNode)Bits.Hex(bits))]),
    };

    private static JsonObject Global(Export export, WasmModule module) => new JsonObject
    {
        ["name"] = export.Name,
        ["type"] = Letters([module.Globals[(int)export.Index].ValueType]),
    };

    private static Outcome ReadOutcome(JsonNode? outcome) => outcome!["trap"] is { } trap
        ? Outcome.Trapped(TrapMessages.Parse(trap.GetValue<string>()))
        : new Outcome([.. outcome["results"]!.AsArray().Select(value => Parse(value!))], TrapSet.None);

    private static ulong Parse(JsonNode value) => Bits.Parse(value.GetValue<string>());

    private static string Letters(IEnumerable<ValueType> types) => string.Concat(types.Select(type => type switch
    {
        ValueType.I32 => 'i',
        ValueType.I64 => 'I',
        ValueType.F32 => 'f',
        _ => 'F',
    }));
}
