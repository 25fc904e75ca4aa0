namespace PluginHost.Wasm.Runtime;

/// <summary>How far a module's functions have come on their way to compiled code: read while others run and compile it, so that no two figures are of exactly one moment.</summary>
/// <param name="Functions">The functions that the module defines.</param>
/// <param name="Compiled">The functions whose calls run compiled code.</param>
/// <param name="Resumable">The functions whose compiled code can be entered in the middle as well, by code of its own.</param>
/// <param name="Refused">The functions that the compiler leaves to the interpreter for good.</param>
/// <param name="Faults">How often the compiler failed by a fault of its own; the functions it failed at stay as they were.</param>
/// <param name="LimitReached">Whether the module has all the compiled code that it may have.</param>
/// <param name="CompileTime">What the compiler took for all of it.</param>
/// <param name="Queued">The functions that wait for the compiler, or are with it.</param>
public sealed record TierStatistics(
    int Functions,
    InterpretedCode Interpreted,
    CompiledCode Compiled,
    CompiledCode Resumable,
    int Refused,
    int Faults,
    bool LimitReached,
    TimeSpan CompileTime,
    int Queued);
