using System.Text.Json;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Plugins;

/// <summary>Why a request failed, with what helps to understand it: only the members that apply are set.</summary>
/// <param name="Detail">One or two sentences for people.</param>
public sealed record PluginFailure(FailureCode Code, string Detail)
{
    /// <summary>What to do about it: a build command, for example.</summary>
    public string? Hint { get; init; }

    /// <summary>When it is worth trying again.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Where in the module's bytes.</summary>
    public long? Offset { get; init; }

    /// <summary>The function whose body is not valid, by index or name.</summary>
    public string? Function { get; init; }

    /// <summary>The imports that cannot be provided.</summary>
    public IReadOnlyList<UnresolvedImport>? UnresolvedImports { get; init; }

    /// <summary>What there is instead of what was not found.</summary>
    public IReadOnlyList<string>? Available { get; init; }

    /// <summary>What is wrong with a configuration, by JSON pointer.</summary>
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>The host functions that the configuration does not grant.</summary>
    public IReadOnlyList<string>? Functions { get; init; }

    /// <summary>The configuration that would do, without secrets.</summary>
    public PluginConfiguration? Configuration { get; init; }

    /// <summary>The plugin's own code for its error.</summary>
    public string? PluginCode { get; init; }

    /// <summary>What else the plugin says of its error.</summary>
    public JsonElement? PluginDetails { get; init; }

    public TrapKind? Trap { get; init; }

    /// <summary>The guest's stack at a trap, innermost first, as names of wasm functions.</summary>
    public IReadOnlyList<string>? Frames { get; init; }

    /// <summary>What the guest gave to <c>proc_exit</c>.</summary>
    public uint? ExitCode { get; init; }

    /// <summary>The first line of stderr that begins with <c>panic:</c> or <c>fatal error:</c>.</summary>
    public string? Panic { get; init; }

    /// <summary>The last lines that the guest wrote to stderr.</summary>
    public IReadOnlyList<string>? StandardError { get; init; }

    /// <summary>What became of the instance that ran the guest; null where none did.</summary>
    public InstanceFate? Instance { get; init; }

    /// <summary>The number of the invocation that failed, as in the plugin's log.</summary>
    public long? Invocation { get; init; }
}
