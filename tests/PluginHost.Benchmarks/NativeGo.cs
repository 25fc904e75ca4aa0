using System.Diagnostics;
using System.Globalization;

namespace PluginHost.Benchmarks;

/// <summary>A sample's kernels as native Go in a process of their own, which takes its own times.</summary>
internal sealed class NativeGo : IDisposable
{
    private readonly Process _process;
    private readonly DirectoryInfo _folder;

    private NativeGo(Process process, DirectoryInfo folder)
    {
        _process = process;
        _folder = folder;
    }

    /// <summary>Builds and starts the kernels of a sample; null where there is no Go 1.24.</summary>
    /// <exception cref="InvalidOperationException">Go cannot build them; it has said why.</exception>
    public static NativeGo? TryStart(string sample)
    {
        if (GoInstallation.Found is not { } go)
            return null;

        var folder = Directory.CreateTempSubdirectory("kernels-");
        var program = Path.Combine(folder.FullName, sample);
        Build(go, sample, program);

        return new NativeGo(Process.Start(new ProcessStartInfo(program, ["serve"]) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false })!, folder);
    }

    /// <summary>Calls a kernel once.</summary>
    public (double Milliseconds, ulong Result) Call(Kernel kernel)
    {
        _process.StandardInput.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{kernel.Export} {kernel.Size}"));
        _process.StandardInput.Flush();

        var line = _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("Native Go ended.");

        return line.Split(' ') is [var time, var result] && long.TryParse(time, CultureInfo.InvariantCulture, out var nanoseconds)
            ? (nanoseconds / 1e6, ulong.Parse(result, NumberStyles.HexNumber, CultureInfo.InvariantCulture))
            : throw new InvalidOperationException($"Native Go: {line}");
    }

    public void Dispose()
    {
        _process.StandardInput.Close();

        if (!_process.WaitForExit(TimeSpan.FromSeconds(5)))
            _process.Kill();

        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private static void Build(GoInstallation go, string sample, string program)
    {
        var start = new ProcessStartInfo(go.Program, ["build", "-trimpath", "-buildvcs=false", "-o", program, "."])
        {
            WorkingDirectory = Path.GetDirectoryName(Repository.SamplePath(sample))!,
        };

        start.Environment["GOTOOLCHAIN"] = "local";
        start.Environment["GOFLAGS"] = "-mod=mod";
        start.Environment["GOPROXY"] = "off";
        start.Environment["GOWORK"] = "off";
        start.Environment["CGO_ENABLED"] = "0";

        using var build = Process.Start(start)!;
        build.WaitForExit();

        if (build.ExitCode != 0)
            throw new InvalidOperationException($"go cannot build the kernels of {sample}.");
    }
}
