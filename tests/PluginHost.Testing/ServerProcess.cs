using System.Diagnostics;
using System.Globalization;

namespace PluginHost.Testing;

/// <summary>The server as a process of its own, for what only a process has: an exit code and signals.</summary>
public sealed class ServerProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _errors;

    private ServerProcess(string[] arguments, IEnumerable<(string Name, string Value)> environment)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "PluginHost.Api.dll"), .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = AppContext.BaseDirectory,
        };

        foreach (var name in (string[])["ASPNETCORE_URLS", "ASPNETCORE_HTTP_PORTS", "DOTNET_RUNNING_IN_CONTAINER", "PluginHost__ApiKey"])
            start.Environment.Remove(name);

        // A second of both processors for each server would be most of what many tests take; who tests it switches it on.
        start.Environment["PluginHost__Rehearsal"] = "false";

        foreach (var (name, value) in environment)
            start.Environment[name] = value;

        _process = Process.Start(start)!;
        _output = _process.StandardOutput.ReadToEndAsync();
        _errors = _process.StandardError.ReadToEndAsync();
    }

    public static ServerProcess Start(string[] arguments, params (string Name, string Value)[] environment) => new(arguments, environment);

    public async Task WaitUntilReadyAsync(HttpClient client)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));

        while (true)
        {
            try
            {
                using var answer = await client.GetAsync(new Uri("/readyz", UriKind.Relative), patience.Token);

                if (answer.IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException) when (!_process.HasExited)
            {
                // Not listening yet.
            }

            await Task.Delay(50, patience.Token);
        }
    }

    /// <summary>What the process holds of the system, on Linux: open files, memory mappings, and bytes in memory.</summary>
    public (int Files, int Mappings, long Resident) Resources()
    {
        var folder = string.Create(CultureInfo.InvariantCulture, $"/proc/{_process.Id}");
        _process.Refresh();
        return (Directory.GetFileSystemEntries(folder + "/fd").Length, File.ReadLines(folder + "/maps").Count(), _process.WorkingSet64);
    }

    /// <summary>Ends it at once, as a crash does.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>Sends SIGTERM, as a container engine does.</summary>
    public void Terminate()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public async Task<(int Code, string Output, string Errors)> ExitAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await _process.WaitForExitAsync(patience.Token);
        return (_process.ExitCode, await _output, await _errors);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();

        _process.Dispose();
    }
}
