using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace PluginHost.Fuzz;

/// <summary>V8 in a node process of its own. One that hangs or dies is replaced, and the module that did it is passed over.</summary>
internal sealed class NodeExecutor : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private Process? _process;

    /// <returns>Null where node died of the module.</returns>
    public Outcome? Run(byte[] module, IReadOnlyList<GuestCall> calls)
    {
        var answer = Ask(new JsonObject
        {
            ["module"] = Convert.ToBase64String(module),
            ["calls"] = new JsonArray([.. calls.Select(call => new JsonArray(
                call.Export,
                Letters(call.Type.Parameters),
                Letters(call.Type.Results),
                new JsonArray([.. call.Arguments.Select(bits => JsonValue.Create(bits.ToString(CultureInfo.InvariantCulture)))])))]),
        });

        return answer is null ? null : new Outcome([.. answer["results"]!.AsArray().Select(result => result!.GetValue<string>())], answer["memory"]!.GetValue<string>());
    }

    public bool? Validate(byte[] module) => Ask(new JsonObject { ["validate"] = Convert.ToBase64String(module) })?["valid"]!.GetValue<bool>();

    public void Dispose()
    {
        if (_process is { HasExited: false })
        {
            _process.StandardInput.Close();

            if (!_process.WaitForExit(TimeSpan.FromSeconds(5)))
                _process.Kill();
        }

        _process?.Dispose();
        _process = null;
    }

    private static string Letters(IEnumerable<ValueType> types) => string.Concat(types.Select(type => type switch
    {
        ValueType.I32 => 'i',
        ValueType.I64 => 'I',
        ValueType.F32 => 'f',
        _ => 'F',
    }));

    private JsonNode? Ask(JsonObject request)
    {
        _process ??= Process.Start(new ProcessStartInfo("node", ["--no-warnings", "--experimental-wasm-return-call", Path.Combine(AppContext.BaseDirectory, "node", "executor.mjs")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;

        try
        {
            _process.StandardInput.WriteLine(request.ToJsonString());
            _process.StandardInput.Flush();
            var line = _process.StandardOutput.ReadLineAsync().WaitAsync(Patience).GetAwaiter().GetResult();

            if (line is not null)
                return JsonNode.Parse(line);
        }
        catch (Exception exception) when (exception is TimeoutException or IOException)
        {
            // Handled below, as the end of its output is.
        }

        _process.Kill();
        _process.Dispose();
        _process = null;
        return null;
    }
}
