using System.Diagnostics;

namespace PluginHost.Soak;

/// <summary>The run from its start to its report: load, rest, kill, load, rest, SIGTERM, and an audit behind each.</summary>
internal sealed class SoakRun : IDisposable
{
    private const string Sleepers = "sleepers";
    private const int SleeperCount = 4;

    private static readonly (string Plugin, string Sample)[] _samples =
        [("calc", "calc"), ("counter", "counter"), ("goroutines", "goroutines"), ("text", "text"), ("crypto", "crypto"), ("faults", "faults"), (Sleepers, "goroutines")];

    private readonly SoakOptions _options;
    private readonly SoakServer _server;
    private readonly SoakClient _client;
    private readonly Ledger _ledger = new();
    private readonly LedgerAudit _audit;
    private readonly Tally _tally = new();
    private readonly Violations _violations = new();
    private readonly Monitor _monitor;
    private readonly SoakReport _report;
    private readonly SoakLoad _load;

    public SoakRun(SoakOptions options, DirectoryInfo scratch)
    {
        _options = options;
        _server = new SoakServer(scratch, _violations);
        _client = new SoakClient(_server, _tally, _violations);
        _audit = new LedgerAudit(_client, _server, _ledger, _violations);
        _monitor = new Monitor(_server, _tally, _violations);
        _report = new SoakReport(options, _tally, _violations, _monitor);
        _load = SoakLoad.Mixed(_client, _server, _ledger, _audit, _tally, _violations, options.Seed);
    }

    public async Task<(int Violations, string Report)> RunAsync()
    {
        using var over = new CancellationTokenSource();
        var monitoring = _monitor.RunAsync(over.Token);

        // 1. The first process, up to the middle.
        await _server.StartAsync();
        await InstallAsync();
        await SoakAsync("first process", _options.Duration * 0.5, measures: true);

        // 2. Killed while clients upload; another takes over the data.
        await KillAsync();

        // 3. The second process, up to the end. A smoke has no time to let it rest twice.
        await SoakAsync("second process", _options.Duration * 0.93, measures: !_options.IsSmoke);

        // 4. Told to end while calls run; a third one takes over.
        await TerminateAsync();
        _report.Add(await RestAsync("at the end"));

        var code = await _server.TerminateAsync(TimeSpan.FromSeconds(60));
        _violations.Require(code == 0, $"A server at rest ended with {code}.");

        await over.CancelAsync();
        await monitoring;
        return (_violations.Count, _report.Write());
    }

    public void Dispose()
    {
        _load.Dispose();
        _server.Dispose();
    }

    private async Task InstallAsync()
    {
        foreach (var (plugin, sample) in _samples)
        {
            var module = Repository.Sample(sample);
            var answer = await _client.SendAsync("upload", HttpMethod.Post, $"/v1/plugins/{plugin}/versions", SoakClient.Wasm(module), [201]);
            var digest = answer?.Json().GetProperty("digest").GetString() ?? throw new InvalidOperationException($"The sample {sample} could not be uploaded.");
            _ledger.Add(plugin, digest, module.Length, LedgerState.Present).Ordinal = 1;
        }

        // The counter counts on one instance, and calls that never yield need a free one beside them.
        await _client.SendAsync("configure", HttpMethod.Put, "/v1/plugins/counter", SoakClient.Json("""{"pool":{"minimum":1,"maximum":1}}"""), [200]);
    }

    /// <summary>Loads until the given time of the run; where it measures, it warms up and rests before, and rests again.</summary>
    private async Task SoakAsync(string name, TimeSpan until, bool measures)
    {
        ResourceSample? before = null;
        var requests = 0;

        if (measures)
        {
            await LoadAsync($"{name}, warm-up", _options.WarmUp, isMeasured: false);
            before = await SampleAtRestAsync($"{name}, after the warm-up");
            requests = _tally.Total;
        }

        var left = until - _monitor.Elapsed - _options.Settling;

        await LoadAsync($"{name}, load", left > TimeSpan.FromSeconds(5) ? left : TimeSpan.FromSeconds(5), isMeasured: true);

        if (measures && await SampleAtRestAsync($"{name}, after the load") is { } after && before is not null)
            _report.Add(new LeakCheck(name, before, after, _tally.Total - requests));
    }

    private async Task LoadAsync(string phase, TimeSpan time, bool isMeasured)
    {
        _monitor.Phase = phase;
        _monitor.IsMeasuring = isMeasured;
        _load.Start();
        await Task.Delay(time);
        _monitor.IsMeasuring = false;
        await _load.EndAsync();
    }

    private async Task<ResourceSample?> SampleAtRestAsync(string occasion)
    {
        _report.Add(await RestAsync(occasion));
        await Task.Delay(_options.Settling);

        await CheckIdleAsync(occasion);

        // Another configuration ends a plugin's pool and forgets its module, so that at every rest the same are loaded. That a pool has ended, the last of them
        // calc's, which nobody else configures, is what the server cleans up behind.
        _server.ExpectIdle();

        foreach (var plugin in (string[])["text", "goroutines", "crypto", "faults", "calc"])
            await _client.SendAsync("configure", HttpMethod.Put, $"/v1/plugins/{plugin}", SoakClient.Json("""{"pool":{"minimum":1,"maximum":3}}"""), [200]);

        var sample = await _server.SampleIdleAsync();
        _report.Note($"{occasion}, at rest: {sample}");
        return sample;
    }

    /// <summary>Audits, then removes all that comes and goes, so that what is left is the same every time.</summary>
    private async Task<LedgerSummary> RestAsync(string occasion)
    {
        // What clients left behind when they were killed ends first.
        _monitor.Phase = $"{occasion}, audit";
        await Task.Delay(_options.Settling / 4);
        var summary = await _audit.RunAsync(occasion);

        foreach (var plugin in (await _audit.PluginsAsync()).Where(name => name.StartsWith(ChurnPlugins.Prefix, StringComparison.Ordinal)))
        {
            if (await _client.SendAsync("delete plugin", HttpMethod.Delete, $"/v1/plugins/{plugin}", null, [204]) is not { Succeeded: true })
                continue;

            foreach (var entry in _ledger.All.Where(entry => entry.Plugin == plugin && entry.State == LedgerState.Present))
                entry.State = LedgerState.Deleted;
        }

        return summary;
    }

    private async Task CheckIdleAsync(string occasion)
    {
        foreach (var (plugin, _) in _samples)
        {
            if (await _client.GetAsync("read", $"/v1/plugins/{plugin}/stats", 200) is not { } statistics)
                continue;

            var root = statistics.Json();
            var isIdle = root.GetProperty("running").GetInt64() == 0
                && root.GetProperty("pools").EnumerateArray().All(pool => ((string[])["busy", "starting", "queued"]).All(name => pool.GetProperty(name).GetInt32() == 0));
            _violations.Require(isIdle, $"{occasion}: without load {plugin} is not idle: {statistics}");
        }
    }

    private async Task KillAsync()
    {
        _monitor.Phase = "kill -9";
        _load.Start();
        await Task.Delay(TimeSpan.FromSeconds(_options.IsSmoke ? 3 : 15));
        await _server.KillAsync();
        _load.Stop();
        var begin = Stopwatch.GetTimestamp();
        await _server.StartAsync();
        _report.Note($"Killed under load; ready again after {Stopwatch.GetElapsedTime(begin).TotalSeconds:0.0} s.");
        await _load.EndAsync();
        await Task.Delay(_options.Settling / 4);
        _report.Add(await _audit.RunAsync("after kill -9"));
    }

    private async Task TerminateAsync()
    {
        _monitor.Phase = "SIGTERM";
        _load.Start();
        await Task.Delay(TimeSpan.FromSeconds(_options.IsSmoke ? 2 : 15));

        var sleepers = Enumerable.Range(0, SleeperCount).Select(_ => _client.InvokeAsync("sleep through SIGTERM", Sleepers, "sleep", "2500", "", null, 200)).ToList();
        var patience = Stopwatch.GetTimestamp();

        while (await _client.GetAsync("read", $"/v1/plugins/{Sleepers}/stats", 200) is { } statistics
            && statistics.Json().GetProperty("running").GetInt32() < SleeperCount && Stopwatch.GetElapsedTime(patience).TotalSeconds < 2)
            await Task.Delay(10);

        var begin = Stopwatch.GetTimestamp();
        var code = await _server.TerminateAsync(TimeSpan.FromSeconds(60));
        var ended = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        _load.Stop();

        foreach (var answer in await Task.WhenAll(sleepers))
            _violations.Require(answer?.Text == """{"results":[1]}""", $"A call that ran when SIGTERM came was answered with {answer?.ToString() ?? "nothing"}.");

        _violations.Require(code == 0, $"The server ended with {code} after SIGTERM.");
        await _server.StartAsync();
        await _load.EndAsync();
        _report.Note($"SIGTERM under load: {SleeperCount} running calls were answered, exit code {code} after {ended:0.0} s.");
        _report.Add(await _audit.RunAsync("after SIGTERM"));
    }
}
