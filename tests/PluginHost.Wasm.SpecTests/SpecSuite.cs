using System.Diagnostics;

namespace PluginHost.Wasm.SpecTests;

/// <summary>The official test suite: a folder that is no part of the project, converted by wabt's <c>wast2json</c>.</summary>
internal static class SpecSuite
{
    public const string FolderVariable = "WASM_SPEC_SUITE";

    private const string Converter = "wast2json";
    private static readonly string[] s_proposals = ["tail-call", "extended-const"];

    /// <summary>Why the suite cannot be run here; null where it can.</summary>
    public static string? Obstacle { get; } = FindObstacle();

    private static string Folder => Environment.GetEnvironmentVariable(FolderVariable) ?? "";

    /// <summary>The scripts that apply to the engine, by their path in the suite.</summary>
    public static IEnumerable<string> Scripts()
    {
        var folders = new[] { "" }.Concat(s_proposals.Select(proposal => $"proposals/{proposal}"));

        return folders
            .Where(folder => Directory.Exists(Path.Combine(Folder, folder)))
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Folder, folder), "*.wast"))
            .Select(file => Path.GetRelativePath(Folder, file))
            .Order(StringComparer.Ordinal);
    }

    /// <summary>Converts a script into <paramref name="target"/>.</summary>
    /// <returns>The path of the commands in JSON; the modules stand beside it.</returns>
    public static async Task<string> ConvertAsync(string script, string target)
    {
        var commands = Path.Combine(target, "script.json");
        var start = new ProcessStartInfo(Converter) { RedirectStandardError = true, UseShellExecute = false };

        foreach (var proposal in s_proposals.Where(proposal => script.Contains(proposal, StringComparison.Ordinal)))
            start.ArgumentList.Add($"--enable-{proposal}");

        start.ArgumentList.Add(Path.Combine(Folder, script));
        start.ArgumentList.Add("-o");
        start.ArgumentList.Add(commands);

        using var process = Process.Start(start)!;
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? commands : throw new InvalidOperationException($"{Converter} cannot convert {script}: {errors}");
    }

    private static string? FindObstacle()
    {
        if (!Directory.Exists(Folder))
            return $"{FolderVariable} does not name the folder of the official test suite.";

        if (!Scripts().Any())
            return $"The folder that {FolderVariable} names has no scripts.";

        var path = Environment.GetEnvironmentVariable("PATH") ?? "";

        return path.Split(Path.PathSeparator).Any(folder => folder.Length > 0 && File.Exists(Path.Combine(folder, Converter)))
            ? null
            : $"{Converter} (wabt) is not on the PATH.";
    }
}
