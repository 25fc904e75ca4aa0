using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using PluginHost.Fuzz.Cases;
using PluginHost.Fuzz.Shrinking;
using PluginHost.Wasm.Binary;
using PluginHost.Wasm.Modules;

namespace PluginHost.Fuzz.Execution;

/// <summary>
/// wabt's interpreter. It prints floats rounded, so it is not asked what a case gives but told what to expect, in a script of assertions: for every call,
/// for the globals, for what host functions were given, and for the memory by a module that hashes it.
/// </summary>
internal sealed partial class WabtVerifier(string folder)
{
    public const string Program = "spectest-interp";

    private const string CaseModule = "$case";
    private const string HashModule = "$hash";
    private const string HostInstance = "$host";

    /// <summary>Cases that wabt was not asked about, because it is known to be wrong.</summary>
    public int Undecided { get; private set; }

    /// <returns>In what wabt differs from the record; null where it does not, or cannot say.</returns>
    public string? Difference(FuzzCase test, ExecutionRecord record)
    {
        if (record.Instantiation.Traps != TrapSet.None || record.State is null)
            return null;

        if (IsKnownWrong(test.Module))
        {
            Undecided++;
            return null;
        }

        var script = new JsonObject { ["source_filename"] = "case.wast", ["commands"] = new JsonArray([.. (IEnumerable<JsonNode>)Commands(test, record)]) };
        var path = Path.Combine(folder, "script.json");
        File.WriteAllText(path, script.ToJsonString());
        File.WriteAllBytes(Path.Combine(folder, "case.wasm"), test.Bytes);
        File.WriteAllBytes(Path.Combine(folder, "hash.wasm"), Digest.MemoryModule);

        foreach (var host in HostModule.All)
            File.WriteAllBytes(Path.Combine(folder, host.Name + ".wasm"), host.Bytes);

        var (exitCode, output) = Tool.Run(Program, "--enable-tail-call", "--enable-extended-const", path);
        return Judge(test, record, exitCode, output);
    }

    /// <summary>
    /// wabt 1.0.32 adds the number of imported functions to the index of a <c>return_call</c>: it runs another function or dies of an assertion.
    /// </summary>
    private static bool IsKnownWrong(WasmModule module) => module.ImportedFunctionCount > 0 && module.FunctionBodies.Any(body =>
        BodyParts.Parse(module.Bytes[body.Offset..(body.Offset + body.Length)]).Instructions.Any(instruction => instruction[0] == (byte)Opcode.ReturnCall));

    private static string? Judge(FuzzCase test, ExecutionRecord record, int exitCode, string output)
    {
        if (output.Contains("call stack exhausted", StringComparison.Ordinal))
            return null;

        foreach (var line in output.Split('\n'))
        {
            var match = Line().Match(line);

            if (!match.Success)
                continue;

            var (index, said) = (int.Parse(match.Groups["line"].ValueSpan, CultureInfo.InvariantCulture), match.Groups["said"].Value);
            var subject = index < record.Outcomes.Count
                ? $"call {index}, {test.Calls[index]}: {record.Engine} {record.Outcomes[index].Describe(test.Calls[index].Type)}"
                : $"final state: {record.Engine} differs";

            if (!said.StartsWith("assert_trap passed: ", StringComparison.Ordinal))
                return $"{subject}, wabt: {said}";

            if ((TrapMessages.Parse(said["assert_trap passed: ".Length..]) & record.Outcomes[index].Traps) == TrapSet.None)
                return $"{subject}, wabt {said}";
        }

        return exitCode == 0 ? null : $"wabt: exit code {exitCode}: {output}";
    }

    private static IEnumerable<JsonObject> Commands(FuzzCase test, ExecutionRecord record)
    {
        var line = 0;
        var logged = HostModule.All.FirstOrDefault(host => host.IsImportedBy(test.Module));

        foreach (var host in HostModule.All.Where(host => host.IsImportedBy(test.Module)))
        {
            yield return Module(HostInstance, host.Name + ".wasm");
            yield return Register(HostInstance, host.Name);
        }

        yield return Module(CaseModule, "case.wasm");
        yield return Register(CaseModule, "case");

        foreach (var outcome in record.Outcomes)
        {
            var call = test.Calls[line];
            var action = Invoke(CaseModule, call.Export, [.. call.Arguments.Select((bits, i) => Value(bits, call.Type.Parameters[i]))]);

            yield return outcome.Traps == TrapSet.None
                ? Assert(line, action, [.. outcome.Results.Select((bits, i) => Value(bits, call.Type.Results[i]))])
                : new JsonObject { ["type"] = "assert_trap", ["line"] = line, ["action"] = action, ["text"] = "", ["expected"] = new JsonArray() };

            line++;
        }

        for (var i = 0; i < test.Globals.Count; i++)
        {
            var get = new JsonObject { ["type"] = "get", ["module"] = CaseModule, ["field"] = test.Globals[i].Name };
            yield return Assert(line, get, Value(record.State!.Globals[i], test.Module.Globals[(int)test.Globals[i].Index].ValueType));
        }

        if (logged is not null)
            yield return Assert(line, Invoke(HostInstance, HostModule.DigestExport), Value(record.State!.Log, ValueType.I64));

        if (test.Module.Exports.Any(export => export.Kind == ExternalKind.Memory && export.Name == "memory"))
        {
            yield return Module(HashModule, "hash.wasm");
            yield return Assert(line, Invoke(HashModule, "hash"), Value(record.State!.Memory, ValueType.I64));
        }
    }

    private static JsonObject Module(string name, string file) => new JsonObject { ["type"] = "module", ["line"] = 0, ["name"] = name, ["filename"] = file };

    private static JsonObject Register(string name, string given) => new JsonObject { ["type"] = "register", ["line"] = 0, ["name"] = name, ["as"] = given };

    private static JsonObject Invoke(string module, string export, params JsonNode[] arguments) =>
        new() { ["type"] = "invoke", ["module"] = module, ["field"] = export, ["args"] = new JsonArray(arguments) };

    private static JsonObject Assert(int line, JsonNode action, params JsonNode[] expected) =>
        new JsonObject { ["type"] = "assert_return", ["line"] = line, ["action"] = action, ["expected"] = new JsonArray(expected) };

    private static JsonObject Value(ulong bits, ValueType type) =>
        new JsonObject { ["type"] = type.Name(), ["value"] = Bits.IsNaN(bits, type) ? "nan:arithmetic" : bits.ToString(CultureInfo.InvariantCulture) };

    [GeneratedRegex(@"^case\.wast:(?<line>[0-9]+): (?<said>.*)$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Line();
}
