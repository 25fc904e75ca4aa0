using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace PluginHost.Benchmarks;

/// <summary>
/// Requests a second and latencies of <c>add</c> beside those of <see cref="ConstantEndpoint"/>, which the benchmark adds to the same server: same process, same
/// middleware, same configuration. Both take turns, and of the rounds the median counts.
/// </summary>
internal static partial class HttpBenchmark
{
    private const string RateName = "HTTP add beside constant JSON: requests";
    private const string LatencyName = "HTTP add beside constant JSON: 99th percentile";

    public static async Task RunAsync(BenchmarkOptions options, Report report, string assembly)
    {
        if (!options.Wants(RateName) && !options.Wants(LatencyName))
            return;

        await using var server = await ServerProcess.StartAsync(assembly, null, ConstantEndpoint.Environment);
        await server.UploadAsync("calc", Repository.Sample("calc"));

        string[] constant = [new Uri(server.Address, ConstantEndpoint.Path).ToString()];
        string[] invoke = ["-s", Path.Combine(AppContext.BaseDirectory, "wrk", "add.lua"), new Uri(server.Address, "/v1/plugins/calc/exports/add/invoke").ToString()];

        // Warm both paths, so that tiered compilation is over before the first round.
        for (var warmUp = 0; warmUp < 2; warmUp++)
        {
            if (await LoadAsync(options.Seconds, constant) is null)
            {
                report.Note("wrk is not installed: no requests a second.");
                return;
            }

            await LoadAsync(options.Seconds, invoke);
        }

        List<Load> ours = [], other = [];

        for (var round = 0; round < options.Rounds; round++)
        {
            other.Add((await LoadAsync(options.Seconds, constant))!);
            ours.Add((await LoadAsync(options.Seconds, invoke))!);
        }

        Add(RateName, "requests/s", load => load.Rate, "≥ 0.80 of it");
        Add(LatencyName, "ms", load => load.Milliseconds, "≤ 1.5 × it");

        void Add(string name, string unit, Func<Load, double> of, string aim)
        {
            if (options.Wants(name))
                report.Add(new Measurement(name, unit, Median.Of(ours.Select(of)), Median.Of(other.Select(of)), "constant JSON", aim));
        }
    }

    /// <summary>What wrk saw of one run.</summary>
    /// <param name="Rate">Requests a second.</param>
    /// <param name="Milliseconds">The 99th percentile of the latencies.</param>
    private sealed record Load(double Rate, double Milliseconds);

    private static async Task<Load?> LoadAsync(int seconds, string[] target)
    {
        Process? process;

        try
        {
            process = Process.Start(new ProcessStartInfo("wrk", ["-t", "1", "-c", "32", "--latency", "-d", string.Create(CultureInfo.InvariantCulture, $"{seconds}s"), .. target])
            {
                RedirectStandardOutput = true,
                UseShellExecute = false,
            });
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }

        using (process!)
        {
            var output = await process!.StandardOutput.ReadToEndAsync();

            await process.WaitForExitAsync();

            var (rate, latency) = (RequestsPerSecond.Match(output), Percentile.Match(output));

            // A failed request counts as a fast one for wrk.
            if (output.Contains("Non-2xx", StringComparison.Ordinal) || !rate.Success || !latency.Success)
                throw new InvalidOperationException($"wrk: {output}");

            var unit = latency.Groups["unit"].ValueSpan switch
            {
                "us" => 0.001,
                "ms" => 1,
                _ => 1_000,
            };

            return new Load(double.Parse(rate.Groups["number"].ValueSpan, CultureInfo.InvariantCulture), double.Parse(latency.Groups["number"].ValueSpan, CultureInfo.InvariantCulture) * unit);
        }
    }

    [GeneratedRegex(@"Requests/sec:\s+(?<number>[0-9.]+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex RequestsPerSecond { get; }

    [GeneratedRegex(@"99%\s+(?<number>[0-9.]+)(?<unit>us|ms|s)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Percentile { get; }
}
