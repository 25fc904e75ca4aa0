using System.Collections.Immutable;
using System.Diagnostics;
using Microsoft.Extensions.Options;
using PluginHost.Plugins.Catalog;
using PluginHost.Plugins.Invocation;

namespace PluginHost.Plugins.Loading;

/// <summary>
/// Loads, starts, catalogues and calls a plugin of Go's again and again when the server starts, so that .NET has compiled the host's own code, and compiled it
/// once more as hot, before the first upload.
/// </summary>
internal sealed class EngineWarmUp(VersionLoader loader, GuestRunner runner, PluginCatalog catalog, IOptions<PluginHostOptions> options)
{
    private const string Resource = "PluginHost.Plugins.Loading.calc.wasm";
    private const int Rounds = 40;

    /// <summary>Of all hosts in this process: its code is compiled once.</summary>
    private static int s_rounds;

    /// <param name="longest">When no further round begins.</param>
    /// <returns>Why the engine does not work; null when it does.</returns>
    public PluginFailure? Run(TimeSpan longest)
    {
        var bytes = Read();
        var begin = Stopwatch.GetTimestamp();
        PluginFailure? failure;

        do
            failure = RunOnce(bytes);
        while (failure is null && Interlocked.Increment(ref s_rounds) < Rounds && Stopwatch.GetElapsedTime(begin) < longest);

        return failure;
    }

    private static byte[] Read()
    {
        using var stream = typeof(EngineWarmUp).Assembly.GetManifestResourceStream(Resource)!;
        var bytes = new byte[stream.Length];

        stream.ReadExactly(bytes);
        return bytes;
    }

    private PluginFailure? RunOnce(byte[] bytes)
    {
        var inspected = ModuleInspector.Inspect(bytes, loader.ModuleLimits);

        if (!inspected.Succeeded)
            return inspected.Failure;

        var settings = loader.Settings(PluginConfiguration.Default);
        var module = loader.Prepare(inspected.Value.Module, settings);

        // No plugin can have this name.
        var plugin = new Plugin("-", PluginConfiguration.Default, 1, default, default, ImmutableDictionary<string, int>.Empty, 0);
        var started = runner.Start(new PluginEntry(plugin, [], options.Value.Limits), 0, settings, module);

        if (!started.Succeeded)
            return started.Failure;

        catalog.WarmUp(plugin, inspected.Value.Metadata);

        using var instance = started.Value;
        return runner.Call(instance, Add(module), new ulong[] { 1, 2 }, new ulong[1], new Wasm.Runtime.ExecutionBudget(settings.Deadline));
    }

    private static int Add(LoadedModule module) => module.Exports.TakeWhile(export => export.Name != "add").Count();
}
