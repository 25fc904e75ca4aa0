using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace PluginHost.Benchmarks;

/// <summary>A server of its own on a free loopback port.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly TemporaryDirectory? _data;
    private readonly Process _process;
    private readonly HttpClient _client;
    private readonly long _started;

    private ServerProcess(string assembly, string? dataDirectory, (string Name, string Value)[] environment)
    {
        _data = dataDirectory is null ? new TemporaryDirectory() : null;
        dataDirectory ??= _data!.Path;
        Address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{LoopbackPort.Free()}"));
        _client = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(60) };
        var start = new ProcessStartInfo("dotnet", [assembly, "--urls", Address.ToString()])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
            WorkingDirectory = dataDirectory,
            Environment =
            {
                ["PluginHost__DataDirectory"] = dataDirectory,

                // What attacks cost is measured as they run, not as they are refused.
                ["PluginHost__Limits__Circuit__Enabled"] = "false",
                ["PluginHost__ApiKey"] = null,
                ["Serilog__MinimumLevel__Default"] = "Warning",
            },
        };

        foreach (var (name, value) in environment)
            start.Environment[name] = value;

        _started = Stopwatch.GetTimestamp();
        _process = Process.Start(start)!;

        // Read and dropped: a full pipe would stop the server.
        _process.OutputDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
    }

    public Uri Address { get; }

    /// <summary>Milliseconds since the process was started.</summary>
    public double Age => Stopwatch.GetElapsedTime(_started).TotalMilliseconds;

    /// <summary>The bytes that the process has in memory; 0 where the system does not tell.</summary>
    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return OperatingSystem.IsLinux() ? _process.WorkingSet64 : 0;
        }
    }

    /// <summary>Starts a server and waits until it is ready.</summary>
    /// <param name="dataDirectory">Null for an empty one of its own.</param>
    /// <param name="environment">Variables beside those of this process.</param>
    public static async Task<ServerProcess> StartAsync(string assembly, string? dataDirectory = null, params (string Name, string Value)[] environment)
    {
        var server = new ServerProcess(assembly, dataDirectory, environment);

        while (server.Age < 30_000)
        {
            if (server._process.HasExited)
                throw new InvalidOperationException($"The server ended with {server._process.ExitCode} while starting.");

            if (await server.IsReadyAsync())
                return server;

            await Task.Delay(5);
        }

        await server.DisposeAsync();
        throw new InvalidOperationException("The server was not ready after 30 seconds.");
    }

    /// <summary>Uploads a module and calls <c>add(1, 2)</c>; milliseconds from the first byte sent to the result.</summary>
    public async Task<double> UploadToFirstResultAsync(string plugin, byte[] module)
    {
        var begin = Stopwatch.GetTimestamp();

        await UploadAsync(plugin, module);
        await FirstResultAsync(plugin);
        return Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
    }

    /// <summary>Calls <c>add(1, 2)</c>; milliseconds from the first byte sent to the result.</summary>
    public async Task<double> FirstResultAsync(string plugin)
    {
        var begin = Stopwatch.GetTimestamp();
        using var answer = await _client.PostAsync($"/v1/plugins/{plugin}/exports/add/invoke", new StringContent("""{"args":[1,2]}""", Encoding.UTF8, "application/json"));
        var text = await answer.Content.ReadAsStringAsync();
        var elapsed = Stopwatch.GetElapsedTime(begin).TotalMilliseconds;

        if (!string.Equals(text, """{"results":[3]}""", StringComparison.Ordinal))
            throw new InvalidOperationException($"add(1, 2) gave {(int)answer.StatusCode} {text}");

        return elapsed;
    }

    public async Task UploadAsync(string plugin, byte[] module)
    {
        using var content = new ByteArrayContent(module);

        content.Headers.ContentType = new MediaTypeHeaderValue("application/wasm");

        using var answer = await _client.PostAsync($"/v1/plugins/{plugin}/versions", content);

        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException($"The upload gave {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
    }

    /// <summary>Calls an export without arguments, or with the JSON of them, and returns the status.</summary>
    public async Task<HttpStatusCode> InvokeAsync(string plugin, string export, string arguments, int deadline, CancellationToken cancellation = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/plugins/{plugin}/exports/{export}/invoke")
        {
            Content = new StringContent($$"""{"args":{{arguments}}}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("PluginHost-Deadline-Ms", deadline.ToString(CultureInfo.InvariantCulture));
        using var answer = await _client.SendAsync(request, cancellation);

        return answer.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();

        if (!_process.HasExited)
            _process.Kill();

        await _process.WaitForExitAsync();
        _process.Dispose();
        _data?.Dispose();
    }

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            using var answer = await _client.GetAsync("/readyz");

            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
