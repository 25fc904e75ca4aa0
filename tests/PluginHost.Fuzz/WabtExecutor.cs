using System.Globalization;
using System.Text.Json.Nodes;
using PluginHost.Wasm.Modules;

namespace PluginHost.Fuzz;

/// <summary>
/// wabt's interpreter. It runs scripts of assertions, so what another executor saw is put to it, the digest of the memory included: a second module
/// that imports the memory computes it.
/// </summary>
internal sealed class WabtExecutor(string folder)
{
    private const string TrapMark = "assert_trap passed: ";

    /// <summary>Asks whether wabt sees the same.</summary>
    /// <returns>What it says against it; null where it agrees.</returns>
    public string? Contradiction(WasmModule module, byte[] bytes, IReadOnlyList<GuestCall> calls, Outcome outcome)
    {
        // Imported functions get a module of their own, which returns zeros.
        var imports = module.Imports.Where(import => import.Kind == ExternalKind.Function).DistinctBy(import => (import.Module, import.Name)).ToList();
        var commands = new JsonArray();

        foreach (var group in imports.GroupBy(import => import.Module))
            AddModule(commands, $"support{commands.Count}.wasm", Support(module, [.. group]), group.Key);

        AddModule(commands, "subject.wasm", bytes, "subject");

        for (var i = 0; i < Math.Min(calls.Count, outcome.Results.Count); i++)
            commands.Add(Assertion(calls[i], outcome.Results[i]));

        if (module.Exports.FirstOrDefault(export => export.Kind == ExternalKind.Memory) is { } memory && outcome.State.Split('/')[0] is { Length: > 0 } digest)
        {
            AddModule(commands, "digest.wasm", DigestModule.Build("subject", memory.Name), null);
            var parts = digest.Split('-').Select(part => ulong.Parse(part, CultureInfo.InvariantCulture)).ToArray();
            var expected = (parts[1] << 32) | parts[2];
            commands.Add(Assertion(new GuestCall("digest", new FunctionType([], [ValueType.I64]), []), expected.ToString(CultureInfo.InvariantCulture)));
        }

        var script = Path.Combine(folder, "script.json");
        File.WriteAllText(script, new JsonObject { ["source_filename"] = "script.wast", ["commands"] = commands }.ToJsonString());
        var (exitCode, output) = Tool.Run("spectest-interp", script, "--enable-tail-call", "--enable-extended-const", "--call-stack-size=100000", "--value-stack-size=4000000");

        // Where the stack ends is each engine's own affair.
        if (output.Contains("call stack exhausted", StringComparison.Ordinal))
            return null;

        var traps = output.Split('\n').Where(line => line.Contains(TrapMark, StringComparison.Ordinal)).Select(line => Kind(line[(line.IndexOf(TrapMark, StringComparison.Ordinal) + TrapMark.Length)..]));
        var expectedTraps = outcome.Results.Where(result => result.StartsWith("trap", StringComparison.Ordinal));
        var difference = traps.Zip(expectedTraps).FirstOrDefault(pair => pair.First != pair.Second);

        if (difference != default)
            return $"wabt: {difference.First} where the others have {difference.Second}";

        return exitCode == 0 ? null : $"wabt: {output.Trim()}";
    }

    /// <summary>What stands behind <see cref="TrapMark"/>, as the other executors call it.</summary>
    private static string Kind(string message) => "trap " + message.Split(':')[0].Trim() switch
    {
        "unreachable executed" => "unreachable",
        var text when text.Contains("memory access", StringComparison.Ordinal) || text.Contains("memory.", StringComparison.Ordinal) => "memory",
        "integer divide by zero" => "divide",
        "integer overflow" or "invalid conversion to integer" => "overflow",
        var text when text.Contains("table", StringComparison.Ordinal) || text.Contains("element", StringComparison.Ordinal) || text.Contains("indirect", StringComparison.Ordinal) => "table",
        var text => text,
    };

    private void AddModule(JsonArray commands, string name, byte[] bytes, string? registered)
    {
        File.WriteAllBytes(Path.Combine(folder, name), bytes);
        commands.Add(new JsonObject { ["type"] = "module", ["line"] = commands.Count + 1, ["filename"] = name });

        if (registered is not null)
            commands.Add(new JsonObject { ["type"] = "register", ["line"] = commands.Count + 1, ["as"] = registered });
    }

    private static JsonObject Assertion(GuestCall call, string result)
    {
        var isTrap = result.StartsWith("trap", StringComparison.Ordinal);
        var results = isTrap || result.Length == 0 ? [] : result.Split(' ');

        // Its reader wants the fields in this order.
        var assertion = new JsonObject
        {
            ["type"] = isTrap ? "assert_trap" : "assert_return",
            ["line"] = 1,
            ["action"] = new JsonObject
            {
                ["type"] = "invoke",
                ["field"] = call.Export,
                ["args"] = Values(call.Type.Parameters, [.. call.Arguments.Select(bits => bits.ToString(CultureInfo.InvariantCulture))]),
            },
        };

        if (isTrap)
            assertion["text"] = "";

        assertion["expected"] = isTrap ? new JsonArray([.. call.Type.Results.Select(type => new JsonObject { ["type"] = type.Name() })]) : Values(call.Type.Results, results);
        return assertion;
    }

    private static JsonArray Values(IReadOnlyList<ValueType> types, string[] values) => [.. types.Select((type, i) => new JsonObject
    {
        ["type"] = type.Name(),
        ["value"] = values[i] == "nan" ? "nan:arithmetic" : values[i],
    })];

    private static byte[] Support(WasmModule module, List<Import> imports)
    {
        var builder = new ModuleBuilder();

        foreach (var import in imports)
        {
            var type = module.Types[(int)import.TypeIndex];
            builder.Function(import.Name, [.. type.Parameters.Select(value => (byte)value)], [.. type.Results.Select(value => (byte)value)], [.. type.Results.SelectMany(Zero)]);
        }

        return builder.ToArray();
    }

    private static byte[] Zero(ValueType type) => type switch
    {
        ValueType.I32 => [0x41, 0],
        ValueType.I64 => [0x42, 0],
        ValueType.F32 => [0x43, 0, 0, 0, 0],
        _ => [0x44, 0, 0, 0, 0, 0, 0, 0, 0],
    };
}
