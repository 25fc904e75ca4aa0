using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace PluginHost.Benchmarks;

/// <summary>
/// Latencies of one plugin's calls, as a client sees them, while another plugin does harm, beside those of the same server at rest. Rest and attack alternate,
/// so that what else the machine does falls on both; of the ratios of the rounds the median counts, and the smallest and largest stand beside it. The first two
/// rows are no attacks: as many busy processes beside the server, which is what the system's own scheduler makes of that, and as many callers of an export that
/// does nothing, which is what ordinary requests cost.
/// </summary>
internal static class HostileBenchmark
{
    private const int Attackers = 8;
    private const int DeadlineMilliseconds = 1_000;
    private const int WarmUpCalls = 3_000;
    private const string Busy = "(busy processes beside the server)";
    private const string Ordinary = "(ordinary calls)";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(500);

    public static async Task RunAsync(BenchmarkOptions options, string assembly, TextWriter output)
    {
        output.WriteLine("| attack | p50 at rest | p99 at rest | p50 attacked | p99 attacked | ratio of p99 | of all rounds | resident before | and 2 s after |");
        output.WriteLine("|---|---:|---:|---:|---:|---:|---:|---:|---:|");

        if (options.Wants(Busy))
            output.WriteLine(await RowAsync(options, assembly, Busy, HostileGuest.All["loop"], static (_, cancellation) => BusyAsync(cancellation)));

        if (options.Wants(Ordinary))
            output.WriteLine(await RowAsync(options, assembly, Ordinary, HostileGuest.All["loop"], static (server, cancellation) => AttackAsync(server, "fine", cancellation)));

        foreach (var guest in HostileGuest.All.Values.Where(guest => options.Wants(guest.Name)))
            output.WriteLine(await RowAsync(options, assembly, guest.Name, guest, (server, cancellation) => AttackAsync(server, guest.Export, cancellation)));
    }

    private static async Task<string> RowAsync(
        BenchmarkOptions options, string assembly, string name, HostileGuest guest, Func<ServerProcess, CancellationToken, Task> attack)
    {
        await using var server = await ServerProcess.StartAsync(assembly);
        await server.UploadAsync("calc", Repository.Sample("calc"));
        await server.UploadAsync("hostile", guest.Module);

        for (var i = 0; i < WarmUpCalls; i++)
            await AddAsync(server);

        List<double> idle = [], attacked = [], ratios = [];
        var before = server.ResidentBytes;

        for (var round = 0; round < options.Rounds; round++)
        {
            var resting = await LatenciesAsync(server, options.Seconds);
            using var end = new CancellationTokenSource();
            var attackers = Enumerable.Range(0, Attackers).Select(_ => attack(server, end.Token)).ToList();
            await Task.Delay(Rest);
            var suffering = await LatenciesAsync(server, options.Seconds);
            await end.CancelAsync();
            await Task.WhenAll(attackers);
            await Task.Delay(Rest);
            ratios.Add(Percentile(suffering, 0.99) / Percentile(resting, 0.99));
            idle.AddRange(resting);
            attacked.AddRange(suffering);
        }

        await Task.Delay(TimeSpan.FromSeconds(2));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {Percentile(idle, 0.5):0.00} ms | {Percentile(idle, 0.99):0.00} ms | {Percentile(attacked, 0.5):0.00} ms | {Percentile(attacked, 0.99):0.00} ms | {Percentile(ratios, 0.5):0.0} | {ratios.Min():0.0}–{ratios.Max():0.0} | {before >> 20} MiB | {server.ResidentBytes >> 20} MiB |");
    }

    private static async Task<List<double>> LatenciesAsync(ServerProcess server, int seconds)
    {
        var latencies = new List<double>();
        var begin = Stopwatch.GetTimestamp();

        while (Stopwatch.GetElapsedTime(begin).TotalSeconds < seconds)
        {
            var call = Stopwatch.GetTimestamp();
            await AddAsync(server);
            latencies.Add(Stopwatch.GetElapsedTime(call).TotalMilliseconds);
            await Task.Delay(Pause);
        }

        return latencies;
    }

    private static async Task AddAsync(ServerProcess server)
    {
        if (await server.InvokeAsync("calc", "add", "[1,2]", 30_000) is var status and not HttpStatusCode.OK)
            throw new InvalidOperationException($"add(1, 2) gave {(int)status}");
    }

    /// <summary>One attacker: calls until it is told to stop, whatever the answers.</summary>
    private static async Task AttackAsync(ServerProcess server, string export, CancellationToken cancellation)
    {
        try
        {
            while (true)
                await server.InvokeAsync("hostile", export, "[]", DeadlineMilliseconds, cancellation);
        }
        catch (OperationCanceledException)
        {
            // That is the end.
        }
    }

    private static async Task BusyAsync(CancellationToken cancellation)
    {
        using var busy = Process.Start("sh", ["-c", "while :; do :; done"]);
        await Task.Delay(Timeout.Infinite, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        busy.Kill();
        await busy.WaitForExitAsync(CancellationToken.None);
    }

    private static double Percentile(List<double> values, double share) => values.Order().ElementAt((int)((values.Count - 1) * share));
}
