using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace PluginHost.Benchmarks;

/// <summary>Requests a second of <c>add</c> beside those of an endpoint of the same server that writes constant JSON.</summary>
internal static partial class HttpBenchmark
{
    private const string Name = "HTTP add beside /livez";

    public static async Task RunAsync(BenchmarkOptions options, Report report, string assembly, string kind)
    {
        var name = $"{Name}, {kind}";

        if (!options.Wants(name))
            return;

        await using var server = await ServerProcess.StartAsync(assembly);
        await server.UploadAsync("calc", Repository.Sample("calc"));

        var constant = new[] { new Uri(server.Address, "/livez").ToString() };
        var invoke = new[]
        {
            "-s", Path.Combine(AppContext.BaseDirectory, "wrk", "add.lua"), new Uri(server.Address, "/v1/plugins/calc/exports/add/invoke").ToString(),
        };

        // Warm both paths, so that tiered compilation is over before the first round.
        if (await LoadAsync(options.Seconds, constant) is null)
        {
            report.Note("wrk is not installed: no requests a second.");
            return;
        }

        await LoadAsync(options.Seconds, invoke);

        List<double> ours = [], other = [];

        for (var round = 0; round < Math.Min(options.Rounds, 5); round++)
        {
            other.Add(await LoadAsync(options.Seconds, constant) ?? double.NaN);
            ours.Add(await LoadAsync(options.Seconds, invoke) ?? double.NaN);
        }

        report.Add(new Measurement(name, "requests/s", Median.Of(ours), Median.Of(other), "/livez", "≥ 0.60 of it"));
    }

    private static async Task<double?> LoadAsync(int seconds, string[] target)
    {
        Process? process;

        try
        {
            process = Process.Start(new ProcessStartInfo("wrk", ["-t", "1", "-c", "32", "-d", string.Create(CultureInfo.InvariantCulture, $"{seconds}s"), .. target])
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

            // A failed request counts as a fast one for wrk.
            if (output.Contains("Non-2xx", StringComparison.Ordinal) || !RequestsPerSecond.IsMatch(output))
                throw new InvalidOperationException($"wrk: {output}");

            return double.Parse(RequestsPerSecond.Match(output).Groups["number"].ValueSpan, CultureInfo.InvariantCulture);
        }
    }

    [GeneratedRegex(@"Requests/sec:\s+(?<number>[0-9.]+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex RequestsPerSecond { get; }
}
