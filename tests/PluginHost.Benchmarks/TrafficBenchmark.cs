using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;

namespace PluginHost.Benchmarks;

/// <summary>
/// What callers get by how many they are: requests a second and latencies of <c>add</c> at 1 to 256 connections, of one plugin and of fifty, and what becomes of a
/// plugin, and of its neighbour, when twice as much is asked of it as it can do.
/// </summary>
internal static class TrafficBenchmark
{
    private const int Plugins = 50;
    private const string Arguments = """{"args":[1,2]}""";

    private static readonly int[] Connections = [1, 16, 64, 256];

    public static async Task RunAsync(BenchmarkOptions options, TextWriter output, string assembly)
    {
        await using var server = await ServerProcess.StartAsync(assembly, null, ("PluginHost__Console", "false"));
        var calc = Repository.Sample("calc");

        for (var plugin = 1; plugin <= Plugins; plugin++)
            await server.UploadAsync(string.Create(CultureInfo.InvariantCulture, $"calc-{plugin}"), calc);

        // Each of them is compiled, and all of ASP.NET Core's way.
        for (var warmUp = 0; warmUp < 3; warmUp++)
            await WrkAsync(options.Seconds, 32, Plugins, server.Address);

        await output.WriteLineAsync("| plugins | connections | requests/s | p50, ms | p99, ms | p99.9, ms | failed |\n|---:|---:|---:|---:|---:|---:|---:|");

        foreach (var plugins in (int[])[1, Plugins])
        {
            foreach (var connections in Connections)
            {
                var rounds = new List<double[]>();

                for (var round = 0; round < options.Rounds; round++)
                    rounds.Add(await WrkAsync(options.Seconds, connections, plugins, server.Address));

                double Of(int figure) => Median.Of(rounds.Select(round => round[figure]));
                await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"| {plugins} | {connections} | {Of(0):N0} | {Of(1):0.000} | {Of(2):0.000} | {Of(3):0.00} | {rounds.Sum(round => round[4])} |"));
            }
        }

        await OverloadAsync(options, output, server);
    }

    /// <summary>A plugin with two instances whose call computes for some milliseconds, asked by as many callers as it can serve, and then at a rate twice as high whatever is answered.</summary>
    private static async Task OverloadAsync(BenchmarkOptions options, TextWriter output, ServerProcess server)
    {
        using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 1_000 }) { BaseAddress = server.Address, Timeout = TimeSpan.FromSeconds(60) };
        await server.UploadAsync("busy", Repository.Sample("kernels"));
        using var pool = new StringContent("""{"pool":{"minimum":2,"maximum":2,"queueLength":16}}""", Encoding.UTF8, "application/json");
        using var put = await client.PutAsync("/v1/plugins/busy", pool);
        put.EnsureSuccessStatusCode();
        const string Call = """{"args":[27]}""";
        var duration = TimeSpan.FromSeconds(options.Seconds * 2);

        await ClosedAsync(client, "busy", "fib", Call, 2, duration);
        var capacity = await ClosedAsync(client, "busy", "fib", Call, 2, duration);
        var quiet = await ClosedAsync(client, "calc-1", "add", Arguments, 1, duration);

        var flood = OpenAsync(client, capacity.Succeeded / duration.TotalSeconds * 2, Call, duration);
        var beside = await ClosedAsync(client, "calc-1", "add", Arguments, 1, duration);
        var flooded = await flood;

        await output.WriteLineAsync();
        await output.WriteLineAsync("| a plugin that is asked | answered/s | refused/s (429) | otherwise | p50, ms | p99, ms |\n|---|---:|---:|---:|---:|---:|");
        await output.WriteLineAsync(Row("as much as it can do, by two callers", capacity, duration));
        await output.WriteLineAsync(Row("twice as much", flooded, duration));
        await output.WriteLineAsync(Row("`add` of another, alone", quiet, duration));
        await output.WriteLineAsync(Row("`add` of another, beside the flood", beside, duration));
    }

    private static string Row(string name, Answers answers, TimeSpan duration) => string.Create(
        CultureInfo.InvariantCulture,
        $"| {name} | {answers.Succeeded / duration.TotalSeconds:0} | {answers.Refused / duration.TotalSeconds:0} | {answers.Otherwise} | {answers.Percentile(0.50):0.00} | {answers.Percentile(0.99):0.00} |");

    /// <summary>Each caller waits for its answer before it asks again.</summary>
    private static async Task<Answers> ClosedAsync(HttpClient client, string plugin, string export, string call, int callers, TimeSpan duration)
    {
        var answers = new Answers();
        var begin = Stopwatch.GetTimestamp();

        await Task.WhenAll(Enumerable.Range(0, callers).Select(async _ =>
        {
            while (Stopwatch.GetElapsedTime(begin) < duration)
                await CallAsync(client, plugin, export, call, answers);
        }));
        return answers;
    }

    /// <summary>Asks at a rate, whether there are answers or not.</summary>
    private static async Task<Answers> OpenAsync(HttpClient client, double perSecond, string call, TimeSpan duration)
    {
        var answers = new Answers();
        var calls = new List<Task>();
        var begin = Stopwatch.GetTimestamp();

        while (Stopwatch.GetElapsedTime(begin) < duration)
        {
            while (calls.Count < Stopwatch.GetElapsedTime(begin).TotalSeconds * perSecond)
                calls.Add(CallAsync(client, "busy", "fib", call, answers));

            await Task.Delay(1);
        }

        await Task.WhenAll(calls);
        return answers;
    }

    private static async Task CallAsync(HttpClient client, string plugin, string export, string call, Answers answers)
    {
        var begin = Stopwatch.GetTimestamp();
        using var content = new StringContent(call, Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync($"/v1/plugins/{plugin}/exports/{export}/invoke", content);
        answers.Add(answer.StatusCode, Stopwatch.GetElapsedTime(begin));
    }

    /// <returns>Requests a second; the 50th, 99th and 99.9th percentile in milliseconds; what failed.</returns>
    private static async Task<double[]> WrkAsync(int seconds, int connections, int plugins, Uri server)
    {
        using var process = Process.Start(new ProcessStartInfo(
            "wrk",
            [
                "-t", "1", "-c", connections.ToString(CultureInfo.InvariantCulture), "-d", string.Create(CultureInfo.InvariantCulture, $"{seconds}s"),
                "-s", Path.Combine(AppContext.BaseDirectory, "wrk", "plugins.lua"), server.ToString(), "--", plugins.ToString(CultureInfo.InvariantCulture),
            ])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        var figures = output.Split('\n').FirstOrDefault(line => line.StartsWith("figures ", StringComparison.Ordinal)) ?? throw new InvalidOperationException($"wrk: {output}");
        return [.. figures.Split(' ')[1..].Select(figure => double.Parse(figure, CultureInfo.InvariantCulture))];
    }

    private sealed class Answers
    {
        private readonly Lock _gate = new();
        private readonly List<double> _milliseconds = [];

        public int Succeeded => _milliseconds.Count;

        public int Refused { get; private set; }

        public int Otherwise { get; private set; }

        public void Add(HttpStatusCode status, TimeSpan elapsed)
        {
            lock (_gate)
            {
                if (status == HttpStatusCode.OK)
                    _milliseconds.Add(elapsed.TotalMilliseconds);
                else if (status == HttpStatusCode.TooManyRequests)
                    Refused++;
                else
                    Otherwise++;
            }
        }

        /// <summary>Of what was answered.</summary>
        public double Percentile(double share)
        {
            if (_milliseconds.Count == 0)
                return double.NaN;

            _milliseconds.Sort();
            return _milliseconds[Math.Min((int)(share * _milliseconds.Count), _milliseconds.Count - 1)];
        }
    }
}
