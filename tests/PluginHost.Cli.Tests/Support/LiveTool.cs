using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace PluginHost.Cli.Tests.Support;

/// <summary>The tool in the background, for commands that go on until they are interrupted.</summary>
internal sealed class LiveTool : IDisposable
{
    private readonly Process _process = new();
    private readonly BlockingCollection<string> _lines = [];
    private readonly List<string> _seen = [];

    public LiveTool(IReadOnlyDictionary<string, string> environment, string folder, params string[] arguments)
    {
        _process.StartInfo = new ProcessStartInfo("dotnet", [Tool.Assembly, .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };

        foreach (var (name, value) in environment)
            _process.StartInfo.Environment[name] = value;

        _process.OutputDataReceived += (_, line) => Note(line.Data);
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Waits for a line, of standard output or standard error, with a text in it; those before it are dropped.</summary>
    public string WaitFor(string text)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));

        try
        {
            while (true)
            {
                var line = _lines.Take(patience.Token);
                _seen.Add(line);

                if (line.Contains(text, StringComparison.Ordinal))
                    return line;
            }
        }
        catch (OperationCanceledException late)
        {
            throw new TimeoutException($"No line has '{text}' in it: {string.Join('\n', _seen)}", late);
        }
    }

    /// <summary>What Ctrl-C does.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> InterruptAsync()
    {
        using var kill = Process.Start("kill", ["-INT", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);

        _process.Dispose();
        _lines.Dispose();
    }

    private void Note(string? line)
    {
        if (line is not null)
            _lines.Add(line);
    }
}
