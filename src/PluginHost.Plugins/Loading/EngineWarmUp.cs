using System.Collections.Immutable;
using PluginHost.Plugins.Catalog;
using PluginHost.Plugins.Invocation;
using PluginHost.Plugins.Telemetry;

namespace PluginHost.Plugins.Loading;

/// <summary>
/// Runs a small module once, in the background, when the server starts: loading, starting, cataloguing and calling it compiles the host's own code, which
/// the first upload would otherwise wait for.
/// </summary>
internal sealed class EngineWarmUp(VersionLoader loader, GuestRunner runner, PluginCatalog catalog)
{
    private const string Resource = "PluginHost.Plugins.Loading.WarmUp.wasm";

    /// <returns>Why the engine does not work; null when it does.</returns>
    public PluginFailure? Run()
    {
        var inspected = ModuleInspector.Inspect(Read(), loader.ModuleLimits);

        if (!inspected.Succeeded)
            return inspected.Failure;

        var settings = loader.Settings(PluginConfiguration.Default);
        var module = loader.Prepare(inspected.Value.Module, settings);
        var started = runner.Start(new PluginLog(1, 1), 0, settings, module);

        if (!started.Succeeded)
            return started.Failure;

        // No plugin can have this name.
        catalog.WarmUp(new Plugin("-", PluginConfiguration.Default, 1, default, default, ImmutableDictionary<string, int>.Empty, 0), inspected.Value.Metadata);

        using var instance = started.Value;
        return runner.Call(instance, 0, new ulong[] { 1, 2 }, new ulong[1], new Wasm.Runtime.ExecutionBudget(settings.Deadline));
    }

    private static byte[] Read()
    {
        using var stream = typeof(EngineWarmUp).Assembly.GetManifestResourceStream(Resource)!;
        var bytes = new byte[stream.Length];

        stream.ReadExactly(bytes);
        return bytes;
    }
}
