using System.Diagnostics;
using System.Text.Json.Nodes;

namespace PluginHost.Fuzz.Execution;

/// <summary>A node process that lives as long as the run, and is started anew when a guest does not come back.</summary>
internal sealed class NodeProcess : IDisposable
{
    public const string Program = "node";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private Process? _process;

    /// <summary>Asks for an operation.</summary>
    /// <returns>The answer; null where there was none in time.</returns>
    /// <exception cref="InvalidOperationException">The operation failed.</exception>
    public JsonNode? Ask(JsonObject request) => Ask(_process ??= Start(), request);

    public void Dispose() => Stop();

    private JsonNode? Ask(Process process, JsonObject request)
    {
        process.StandardInput.WriteLine(request.ToJsonString());
        process.StandardInput.Flush();
        var reading = process.StandardOutput.ReadLineAsync();

        if (!reading.Wait(s_patience))
        {
            Stop();
            return null;
        }

        var answer = JsonNode.Parse(reading.Result ?? throw new InvalidOperationException("node ended."))!;
        return answer["error"] is { } error ? throw new InvalidOperationException($"node: {error}") : answer["answer"];
    }

    private Process Start()
    {
        var script = Path.Combine(AppContext.BaseDirectory, "node", "engine.mjs");
        var process = Process.Start(new ProcessStartInfo(Program, ["--no-warnings", "--experimental-wasm-extended-const", script])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;

        var hosts = HostModule.All.Select(host => (JsonNode)new JsonObject { ["name"] = host.Name, ["bytes"] = Convert.ToBase64String(host.Bytes) });

        Ask(process, new JsonObject
        {
            ["operation"] = "prepare",
            ["modules"] = new JsonArray([.. hosts]),
            ["hash"] = Convert.ToBase64String(Digest.MemoryModule),
        });

        return process;
    }

    private void Stop()
    {
        _process?.Kill();
        _process?.Dispose();
        _process = null;
    }
}
