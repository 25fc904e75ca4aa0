using System.Diagnostics;
using System.Globalization;

namespace PluginHost.Soak;

/// <summary>Looks at the server every ten seconds, says what it sees, and keeps it for the slopes.</summary>
internal sealed class Monitor(SoakServer server, Tally tally, Violations violations)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly long _begin = Stopwatch.GetTimestamp();
    private readonly List<(int Life, ResourceSample Sample)> _underLoad = [];

    public string Phase { get; set; } = "start";

    /// <summary>Whether samples are of a warm server under load.</summary>
    public bool IsMeasuring { get; set; }

    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_begin);

    public async Task RunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Interval);
        var last = 0;

        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                var (total, sample) = (tally.Total, server.Sample());

                if (IsMeasuring && sample is not null)
                    _underLoad.Add((server.Life, sample));

                var errors = string.Join(", ", tally.Outcomes().Where(pair => pair.Outcome.Length > 3 || pair.Outcome[0] > '3').Take(8).Select(pair => $"{pair.Outcome} × {pair.Count}"));
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Elapsed:mm\\:ss} {Phase}: {total} requests, {(total - last) / Interval.TotalSeconds:0}/s; {sample?.ToString() ?? "down"}; {violations.Count} violations; {errors}"));
                last = total;
            }
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
    }

    /// <summary>How much more of each there is after a minute of load, by least squares, for each process.</summary>
    public IEnumerable<(int Life, int Samples, double Megabytes, double Threads, double Descriptors, double Mappings)> Slopes() => _underLoad
        .GroupBy(pair => pair.Life, pair => pair.Sample)
        .Where(samples => samples.Count() > 2)
        .Select(samples => (
            samples.Key,
            samples.Count(),
            Slope(samples, sample => sample.ResidentMegabytes),
            Slope(samples, sample => sample.Threads),
            Slope(samples, sample => sample.Descriptors),
            Slope(samples, sample => sample.Mappings)));

    private static double Slope(IEnumerable<ResourceSample> samples, Func<ResourceSample, double> value)
    {
        var points = samples.Select(sample => (X: sample.Seconds / 60, Y: value(sample))).ToList();
        var (x, y) = (points.Average(point => point.X), points.Average(point => point.Y));
        return points.Sum(point => (point.X - x) * (point.Y - y)) / points.Sum(point => (point.X - x) * (point.X - x));
    }
}
