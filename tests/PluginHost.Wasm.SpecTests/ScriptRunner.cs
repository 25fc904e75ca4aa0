using System.Text.Json;
using PluginHost.Wasm.Binary;
using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Runtime;
using PluginHost.Wasm.Validation;

namespace PluginHost.Wasm.SpecTests;

/// <summary>Runs the commands of one converted script on an engine. All instances of a script share a store, for they share tables.</summary>
internal sealed class ScriptRunner : IDisposable
{
    private const int MaximumCallDepth = 20_000;
    private static readonly ExecutionBudget s_budget = new(TimeSpan.FromSeconds(60));

    private readonly IExecutionEngine _engine;
    private readonly string _folder;
    private readonly Imports _imports = new();
    private readonly InstanceOptions _options = new() { Store = new Store(), MaximumCallDepth = MaximumCallDepth };
    private readonly Dictionary<string, WasmInstance> _named = new(StringComparer.Ordinal);
    private readonly List<IDisposable> _disposables = [];
    private readonly ScriptOutcome _outcome = new();
    private WasmInstance? _last;

    private ScriptRunner(IExecutionEngine engine, string folder)
    {
        _engine = engine;
        _folder = folder;
        _disposables.Add(SpecTestModule.AddTo(_imports));
    }

    public static ScriptOutcome Run(IExecutionEngine engine, string commandsPath, string script)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(commandsPath));
        using var runner = new ScriptRunner(engine, Path.GetDirectoryName(commandsPath)!);

        foreach (var command in document.RootElement.GetProperty("commands").EnumerateArray())
            runner.RunCommand(command, script);

        return runner._outcome;
    }

    public void Dispose()
    {
        foreach (var disposable in _disposables)
            disposable.Dispose();
    }

    private void RunCommand(JsonElement command, string script)
    {
        var type = command.GetProperty("type").GetString()!;

        if (command.TryGetProperty("module_type", out var form) && form.GetString() == "text")
        {
            _outcome.NotApplicable++;
            return;
        }

        string? failure;

        try
        {
            failure = Execute(type, command);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            failure = $"{exception.GetType().Name}: {exception.Message}";
        }

        var place = $"{script}:{command.GetProperty("line").GetInt32()}";

        switch (failure, Exclusions.Reason(place))
        {
            case (null, null):
                _outcome.Passed++;
                break;
            case (null, { } reason):
                _outcome.Failures.Add($"{place}: {type}: is met, though it is excluded: {reason}");
                break;
            case (_, null):
                _outcome.Failures.Add($"{place}: {type}: {failure}");
                break;
            default:
                _outcome.Excluded++;
                break;
        }
    }

    private string? Execute(string type, JsonElement command) => type switch
    {
        "module" => Instantiate(command),
        "register" => Register(command),
        "action" => Ignore(Perform(command.GetProperty("action"))),
        "assert_return" => AssertReturn(command),
        "assert_trap" => AssertThrows<TrapException>(() => Perform(command.GetProperty("action")), trap => Expected(trap, Text(command))),
        "assert_exhaustion" => AssertThrows<TrapException>(() => Perform(command.GetProperty("action")), static trap => trap.Kind == TrapKind.CallStackExhausted),
        "assert_malformed" => AssertThrows<MalformedModuleException>(() => Load(command)),
        "assert_invalid" => AssertThrows<InvalidModuleException>(() => Load(command)),
        "assert_unlinkable" => AssertThrows<LinkException>(() => Create(command)),
        "assert_uninstantiable" => AssertThrows<TrapException>(() => Create(command), trap => Expected(trap, Text(command))),
        _ => "a command that the runner does not know",
    };

    private static string? Ignore(Results results) => results.Bits is null ? "no results" : null;

    private static string Text(JsonElement command) => command.GetProperty("text").GetString()!;

    private string? Instantiate(JsonElement command)
    {
        // Should it fail, no command may run on the module before.
        _last = null;
        _last = Create(command);

        if (command.TryGetProperty("name", out var name))
            _named[name.GetString()!] = _last;

        return null;
    }

    private string? Register(JsonElement command)
    {
        _imports.Add(command.GetProperty("as").GetString()!, Instance(command, "name"));
        return null;
    }

    private string? AssertReturn(JsonElement command)
    {
        var results = Perform(command.GetProperty("action"));
        var expected = command.GetProperty("expected");
        var matches = expected.GetArrayLength() == results.Bits.Length;

        for (var i = 0; matches && i < results.Bits.Length; i++)
            matches = SpecValue.Matches(expected[i], results.Bits[i], results.Types[i]);

        return matches
            ? null
            : $"expected {string.Join(", ", expected.EnumerateArray().Select(SpecValue.Describe))}; got {string.Join(", ", results.Types.Zip(results.Bits, (type, bits) => $"{type.Name()}:{bits}"))}";
    }

    private Results Perform(JsonElement action)
    {
        var instance = Instance(action, "module");
        var field = action.GetProperty("field").GetString()!;

        if (action.GetProperty("type").GetString() == "get")
        {
            var global = (Global)instance.Export(field);
            return new Results([global.Type.ValueType], [global.Value]);
        }

        var function = (WasmFunction)instance.Export(field);
        var arguments = action.GetProperty("args").EnumerateArray().Select(SpecValue.Argument).ToArray();
        var results = new ulong[function.Type.Results.Length];
        instance.Invoke(function, arguments, results, s_budget);
        return new Results([.. function.Type.Results], results);
    }

    private WasmInstance Instance(JsonElement command, string property) =>
        (command.TryGetProperty(property, out var name) ? _named[name.GetString()!] : _last)
        ?? throw new InvalidOperationException("the module before was not instantiated");

    private WasmModule Load(JsonElement command) => WasmModule.Load(File.ReadAllBytes(Path.Combine(_folder, command.GetProperty("filename").GetString()!)));

    private WasmInstance Create(JsonElement command)
    {
        var instance = _engine.Prepare(Load(command)).Instantiate(_imports, _options);
        _disposables.Add(instance);
        return instance;
    }

    private static string? AssertThrows<TException>(Func<object> action, Func<TException, bool>? isExpected = null)
        where TException : Exception
    {
        try
        {
            action();
            return $"expected {typeof(TException).Name}; nothing was thrown";
        }
        catch (TException exception)
        {
            return isExpected is null || isExpected(exception) ? null : $"another {typeof(TException).Name} than expected: {exception.Message}";
        }
    }

    // The suite's words for a trap, where they tell kinds apart.
    private static bool Expected(TrapException trap, string text) => trap.Kind switch
    {
        TrapKind.Unreachable => text == "unreachable",
        TrapKind.OutOfBoundsMemoryAccess => text == "out of bounds memory access",
        TrapKind.OutOfBoundsTableAccess => text is "out of bounds table access" or "undefined element",
        TrapKind.UndefinedElement => text.StartsWith("undefined", StringComparison.Ordinal),
        TrapKind.UninitializedElement => text.StartsWith("uninitialized", StringComparison.Ordinal),
        TrapKind.IndirectCallTypeMismatch => text == "indirect call type mismatch",
        TrapKind.IntegerDivideByZero => text == "integer divide by zero",
        TrapKind.IntegerOverflow => text == "integer overflow",
        TrapKind.InvalidConversionToInteger => text == "invalid conversion to integer",
        _ => false,
    };

    private readonly record struct Results(ValueType[] Types, ulong[] Bits);
}
