using PluginHost.Wasm.Runtime;

namespace PluginHost.Plugins.Telemetry;

/// <summary>How far the functions of one loaded version have come on their way to compiled code.</summary>
/// <param name="Engine">How the version is run: tiered, interpreter or compiled.</param>
/// <param name="Functions">The functions that the module defines.</param>
/// <param name="Interpreted">The functions that were called, and the bytes of the interpreter's code for them, which stays when they are compiled.</param>
/// <param name="Compiled">The functions whose calls run compiled code.</param>
/// <param name="Resumable">Those whose compiled code can be entered in the middle as well, by code of its own.</param>
/// <param name="Refused">Functions that stay interpreted.</param>
/// <param name="Faults">How often the compiler failed, which is a fault of the server's own.</param>
/// <param name="LimitReached">Whether the version has all the compiled code that PluginHost:Limits:CompiledBytes allows.</param>
/// <param name="Queued">Functions that wait for the compiler.</param>
public sealed record VersionTiers(
    int Version,
    string Engine,
    int Functions,
    InterpretedCode Interpreted,
    CompiledCode Compiled,
    CompiledCode Resumable,
    int Refused,
    int Faults,
    bool LimitReached,
    double CompileMilliseconds,
    int Queued)
{
    internal static VersionTiers Of(int version, IExecutionEngine engine, TierStatistics tiers) => new(
        version,
        engine.Name,
        tiers.Functions,
        tiers.Interpreted,
        tiers.Compiled,
        tiers.Resumable,
        tiers.Refused,
        tiers.Faults,
        tiers.LimitReached,
        tiers.CompileTime.TotalMilliseconds,
        tiers.Queued);
}
