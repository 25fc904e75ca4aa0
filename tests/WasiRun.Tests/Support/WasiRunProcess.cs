namespace PluginHost.WasiRun.Tests.Support;

/// <summary>WasiRun as it was built beside the tests.</summary>
internal static class WasiRunProcess
{
    public static Task<RunResult> RunAsync(IEnumerable<string> arguments, ReadOnlyMemory<byte> input = default, IReadOnlyDictionary<string, string>? environment = null, string? folder = null, TimeSpan? patience = null) =>
        ChildProcess.RunAsync("dotnet", [Path.Combine(AppContext.BaseDirectory, "WasiRun.dll"), .. arguments], input, environment, folder, patience);
}
