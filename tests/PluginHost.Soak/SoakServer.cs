using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace PluginHost.Soak;

/// <summary>The server, one process after the other on the same port and the same data.</summary>
internal sealed partial class SoakServer : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private readonly string _data;
    private readonly string _log;
    private readonly Violations _violations;
    private readonly Lock _writing = new();
    private Process? _process;
    private HttpClient? _http;
    private long _started;
    private long _heap;
    private volatile TaskCompletionSource _gaveBack = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile TaskCompletionSource _up = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public SoakServer(DirectoryInfo scratch, Violations violations)
    {
        Port = LoopbackPort.Free();
        _data = Path.Combine(scratch.FullName, "data");
        _log = Path.Combine(scratch.FullName, "server.log");
        _violations = violations;
    }

    public int Port { get; }

    /// <summary>Grows with each process: what began under another one may have been cut off.</summary>
    public int Life { get; private set; }

    /// <summary>Whether a connection may break: the server was told to end, or has not come back yet.</summary>
    public bool IsDown => !_up.Task.IsCompleted;

    public int ProcessId => _process!.Id;

    public HttpClient Http => _http!;

    public Task WhenUp => _up.Task;

    public async Task StartAsync()
    {
        var address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}");
        _process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "PluginHost.Api.dll"), "--urls", address])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            Environment =
            {
                ["PluginHost__DataDirectory"] = _data,

                // Its plugins fail on purpose, and are to go on failing.
                ["PluginHost__Limits__Circuit__Enabled"] = "false",
                ["PluginHost__ApiKey"] = null,
                ["PluginHost__Limits__IdleSeconds"] = "2",
                ["PluginHost__Limits__MemoryBytes"] = "67108864",
                ["Serilog__MinimumLevel__Default"] = "Warning",
                ["Serilog__MinimumLevel__Override__PluginHost.Plugins.Memory"] = "Information",
                // Threads without work go sooner, so that those that stay are those that hang.
                ["DOTNET_ThreadPool_ThreadTimeoutMs"] = "2000",
            },
        })!;
        _started = Stopwatch.GetTimestamp();
        _process.OutputDataReceived += (_, line) => Log(line.Data);
        _process.ErrorDataReceived += (_, line) => Log(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        _http?.Dispose();
        _http = new HttpClient(new SocketsHttpHandler { PooledConnectionIdleTimeout = TimeSpan.FromSeconds(2) }) { BaseAddress = new Uri(address), Timeout = TimeSpan.FromSeconds(90) };
        Life++;

        for (var attempt = 0; attempt < 1_200; attempt++)
        {
            if (_process.HasExited)
                throw new InvalidOperationException($"The server ended with {_process.ExitCode} while starting; its log is {_log}.");

            if (await IsReadyAsync())
            {
                _up.TrySetResult();
                return;
            }

            await Task.Delay(50);
        }

        throw new InvalidOperationException($"The server was not ready after a minute; its log is {_log}.");
    }

    /// <summary>SIGKILL: nothing is flushed, nobody is told.</summary>
    public async Task KillAsync()
    {
        _up = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _process!.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    /// <summary>SIGTERM, as a container engine does, and the exit code that follows.</summary>
    public async Task<int> TerminateAsync(TimeSpan patience)
    {
        _up = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        using (var kill = Process.Start("kill", ["-TERM", ProcessId.ToString(CultureInfo.InvariantCulture)]))
            await kill.WaitForExitAsync();

        using var waiting = new CancellationTokenSource(patience);

        try
        {
            await _process!.WaitForExitAsync(waiting.Token);
        }
        catch (OperationCanceledException)
        {
            _violations.Add($"The server did not end within {patience.TotalSeconds} s of SIGTERM.");
            _process!.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        var code = _process!.ExitCode;
        _process.Dispose();
        return code;
    }

    public ResourceSample? Sample() => IsDown ? null : ResourceSample.Of(ProcessId, Stopwatch.GetElapsedTime(_started).TotalSeconds, _data);

    /// <summary>
    /// Waits until the server has noticed that it is idle and has given back the memory that it can do without, so that what is left is what is held. The
    /// sample has what is in use on the heap as well, which the server says then.
    /// </summary>
    public async Task<ResourceSample?> SampleIdleAsync()
    {
        try
        {
            await _gaveBack.Task.WaitAsync(_patience);
        }
        catch (TimeoutException)
        {
            _violations.Add($"The server gave back no memory within {_patience.TotalSeconds} s of its last request.");
        }

        return Sample() is { } sample ? sample with { HeapMegabytes = Interlocked.Read(ref _heap) / 1024.0 / 1024.0 } : null;
    }

    /// <summary>To be called before the last request of a load: what was given back before it does not count.</summary>
    public void ExpectIdle() => _gaveBack = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The files of the modules that are there, and those of unfinished uploads.</summary>
    public (List<string> Digests, int Unfinished) StoredModules() => (
        [.. Directory.EnumerateFiles(Path.Combine(_data, "modules"), "*.wasm", SearchOption.AllDirectories)
            .Select(file => "sha256:" + Path.GetFileName(Path.GetDirectoryName(file)) + Path.GetFileNameWithoutExtension(file))],
        Directory.GetFileSystemEntries(Path.Combine(_data, "incoming")).Length);

    public void Dispose()
    {
        _http?.Dispose();

        if (_process is null || IsDown)
            return;

        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            using var answer = await Http.GetAsync(new Uri("/readyz", UriKind.Relative));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    [GeneratedRegex(@" (ERR|FTL)\] |Unhandled exception", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Failure();

    // The log of requests: a guest's deadline, its memory, and a server that stops are no bugs of the server.
    [GeneratedRegex(@" ERR\] [A-Z]+ /\S* 50[347] in [0-9.]+ ms$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex AnsweredFailure();

    [GeneratedRegex(@" INF\] Idle: .* (?<heap>[0-9]+) bytes are in use on the heap$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex GivenBack();

    private void Log(string? line)
    {
        if (line is null)
            return;

        lock (_writing)
            File.AppendAllText(_log, line + "\n");

        if (GivenBack().Match(line) is { Success: true } idle)
        {
            Interlocked.Exchange(ref _heap, long.Parse(idle.Groups["heap"].ValueSpan, CultureInfo.InvariantCulture));
            _gaveBack.TrySetResult();
        }

        if (Failure().IsMatch(line) && !AnsweredFailure().IsMatch(line))
            _violations.Add($"The server's log has: {line}");
    }
}
