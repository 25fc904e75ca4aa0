using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PluginHost.Benchmarks;

/// <summary>V8 in a node process of its own, which runs the same modules and takes its own times.</summary>
internal sealed class NodeEngine : IDisposable
{
    private readonly Process _process;
    private readonly long _started;
    private int _salt;

    private NodeEngine(Process process, long started)
    {
        _process = process;
        _started = started;
    }

    /// <summary>Milliseconds since the process was started.</summary>
    public double Age => Stopwatch.GetElapsedTime(_started).TotalMilliseconds;

    /// <summary>Starts node; null where it is not installed.</summary>
    public static NodeEngine? TryStart()
    {
        var started = Stopwatch.GetTimestamp();

        try
        {
            var process = Process.Start(new ProcessStartInfo("node", ["--no-warnings", Path.Combine(AppContext.BaseDirectory, "node", "engine.mjs")])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                UseShellExecute = false,
            });

            return process is null ? null : new NodeEngine(process, started);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    /// <summary>Compiles a module; milliseconds.</summary>
    public double Load(string path) => Milliseconds(Ask(new JsonObject
    {
        ["operation"] = "load",
        ["path"] = path,
        ["salt"] = $"{Environment.ProcessId}-{_salt++}",
    }));

    /// <summary>Makes an instance of the module loaded last and initialises it; milliseconds.</summary>
    public double Instantiate() => Milliseconds(Ask(new JsonObject { ["operation"] = "instantiate" }));

    /// <summary>Calls an export of the instance made last; milliseconds of all calls and the last result.</summary>
    public (double Milliseconds, string Result) Call(string export, int repeat, params (string Type, string Value)[] arguments)
    {
        var answer = Ask(new JsonObject
        {
            ["operation"] = "call",
            ["export"] = export,
            ["repeat"] = repeat,
            ["args"] = new JsonArray([.. arguments.Select(argument => new JsonObject { ["type"] = argument.Type, ["value"] = argument.Value })]),
        });

        return (Milliseconds(answer), answer["result"]!.GetValue<string>());
    }

    public void Dispose()
    {
        _process.StandardInput.Close();

        if (!_process.WaitForExit(TimeSpan.FromSeconds(5)))
            _process.Kill();

        _process.Dispose();
    }

    private static double Milliseconds(JsonObject answer) => answer["milliseconds"]!.GetValue<double>();

    private JsonObject Ask(JsonObject request)
    {
        _process.StandardInput.WriteLine(request.ToJsonString());
        _process.StandardInput.Flush();

        var line = _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("node ended.");
        var answer = JsonSerializer.Deserialize<JsonObject>(line)!;

        return answer["error"] is { } error ? throw new InvalidOperationException($"node: {error}") : answer;
    }
}
