using System.Globalization;

namespace PluginHost.Soak;

/// <summary>What a process holds of the system at one moment.</summary>
/// <param name="Seconds">Since the process started.</param>
/// <param name="Files">Files in the data directory.</param>
internal sealed record ResourceSample(double Seconds, double ResidentMegabytes, int Threads, int Descriptors, int Mappings, int Files)
{
    /// <summary>What is in use on the collected heap; 0 where nobody asked.</summary>
    public double HeapMegabytes { get; init; }

    /// <summary>Reads it from Linux's /proc; null elsewhere, or when the process is gone.</summary>
    public static ResourceSample? Of(int process, double seconds, string data)
    {
        var folder = string.Create(CultureInfo.InvariantCulture, $"/proc/{process}");

        try
        {
            var status = File.ReadAllLines(folder + "/status");

            return new ResourceSample(
                seconds,
                Number(status, "VmRSS:") / 1024.0,
                (int)Number(status, "Threads:"),
                Directory.GetFileSystemEntries(folder + "/fd").Length,
                File.ReadLines(folder + "/maps").Count(),
                Directory.EnumerateFiles(data, "*", SearchOption.AllDirectories).Count());
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{ResidentMegabytes:0} MB resident{(HeapMegabytes == 0 ? "" : $" with {HeapMegabytes:0.0} MB in use on the heap")}, {Threads} threads, {Descriptors} fds, {Mappings} maps, {Files} files");

    private static long Number(string[] lines, string name) =>
        lines.FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal)) is { } line
            ? long.Parse(line.AsSpan(name.Length).Trim().ToString().Split(' ')[0], CultureInfo.InvariantCulture)
            : 0;
}
