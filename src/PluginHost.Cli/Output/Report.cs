using System.Globalization;
using PluginHost.Cli.Go;
using PluginHost.Cli.Server;

namespace PluginHost.Cli.Output;

/// <summary>What several commands have to tell.</summary>
internal static class Report
{
    private const int MaximumNamed = 10;
    private const double MebiByte = 1024 * 1024;

    public static void Built(Terminal terminal, FileInfo wasm, GoToolchain go)
    {
        wasm.Refresh();

        if (terminal.Json)
            terminal.WriteJson(new BuiltEvent(wasm.FullName, wasm.Length, go.Version), CliJsonContext.Default.BuiltEvent);
        else
            terminal.WriteLine($"built {Path.GetRelativePath(".", wasm.FullName)}, {Size(wasm.Length)}");
    }

    public static void Pushed(Terminal terminal, Upload upload)
    {
        if (terminal.Json)
        {
            terminal.WriteJson(new PushedEvent(upload.Version.Plugin, upload.Version.Ordinal, upload.Version.Digest, upload.Created), CliJsonContext.Default.PushedEvent);
            return;
        }

        var version = upload.Version;
        terminal.WriteLine(upload.Created
            ? $"{version.Plugin} version {version.Ordinal} is live, {Size(version.Size)}"
            : $"{version.Plugin} version {version.Ordinal} has these bytes already");

        var exports = version.Metadata?.Exports ?? [];

        if (upload.Created && exports.Count > 0)
        {
            var rest = exports.Count > MaximumNamed ? $" and {exports.Count - MaximumNamed} more" : "";
            terminal.Note($"exports {string.Join(", ", exports.Take(MaximumNamed).Select(export => export.Name))}{rest}");
        }

        foreach (var warning in version.Metadata?.Warnings ?? [])
            terminal.Note($"warning: {warning}");
    }

    public static string Size(long bytes) => bytes < MebiByte
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.0} KiB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / MebiByte:0.0} MiB");
}
