using System.Diagnostics;

namespace PluginHost.Benchmarks;

/// <summary>The server as the container ships it: compiled ahead of time, from a copy of the sources, because publishing for one platform rewrites lock files.</summary>
internal sealed class PublishedServer : IDisposable
{
    private readonly DirectoryInfo _scratch = Directory.CreateTempSubdirectory("pluginhost-benchmarks-");

    private PublishedServer()
    {
    }

    public string Assembly => Path.Combine(_scratch.FullName, "app", "PluginHost.Api.dll");

    /// <summary>Publishes; null with the reason on the error output where that fails.</summary>
    public static PublishedServer? TryPublish()
    {
        var published = new PublishedServer();
        var sources = Path.Combine(published._scratch.FullName, "source");

        Copy(new DirectoryInfo(Path.Combine(Repository.Root, "src")), Path.Combine(sources, "src"));
        File.Copy(Path.Combine(Repository.Root, ".editorconfig"), Path.Combine(sources, ".editorconfig"));
        Directory.CreateDirectory(Path.Combine(sources, "plugins", "calc"));
        File.Copy(Repository.SamplePath("calc"), Path.Combine(sources, "plugins", "calc", "calc.wasm"));

        using var process = Process.Start(new ProcessStartInfo("dotnet",
            [
                "publish", Path.Combine(sources, "src", "PluginHost.Api"), "--configuration", "Release", "--use-current-runtime", "--no-self-contained",
                "-p:PublishReadyToRun=true", "-p:RestoreLockedMode=false", "-p:DebugType=none", "--output", Path.Combine(published._scratch.FullName, "app"),
            ])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        var output = process.StandardOutput.ReadToEnd();

        process.WaitForExit();

        if (process.ExitCode == 0)
            return published;

        Console.Error.WriteLine(output);
        published.Dispose();
        return null;
    }

    public void Dispose() => _scratch.Delete(recursive: true);

    private static void Copy(DirectoryInfo from, string to)
    {
        Directory.CreateDirectory(to);

        foreach (var file in from.EnumerateFiles())
            file.CopyTo(Path.Combine(to, file.Name));

        foreach (var directory in from.EnumerateDirectories().Where(directory => directory.Name is not ("bin" or "obj")))
            Copy(directory, Path.Combine(to, directory.Name));
    }
}
