using PluginHost.Wasm.Compiler;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Testing;

/// <summary>The engines between which no result may differ: those that there are, and several that exchange the tiers at random while a function runs.</summary>
public static class Tiers
{
    private const string Switching = "switching ";

    /// <summary>All of them, by name; a name that starts with <c>switching</c> ends with its seed.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. ExecutionEngines.Names, .. Enumerable.Range(1, 3).Select(seed => $"{Switching}{seed}")];

    public static IExecutionEngine Named(string name) => name.StartsWith(Switching, StringComparison.Ordinal)
        ? new SwitchingEngine(int.Parse(name.AsSpan(Switching.Length), System.Globalization.CultureInfo.InvariantCulture))
        : ExecutionEngines.Named(name);
}
