using System.Collections.Frozen;
using System.Text.Json;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Plugins.Telemetry;

/// <summary>The kinds of traps as they stand in problems, statistics and logs: <c>out-of-bounds-memory-access</c>.</summary>
public static class TrapKindNames
{
    private static readonly FrozenDictionary<TrapKind, string> Names =
        Enum.GetValues<TrapKind>().ToFrozenDictionary(kind => kind, kind => JsonNamingPolicy.KebabCaseLower.ConvertName(kind.ToString()));

    public static string Text(this TrapKind kind) => Names[kind];
}
