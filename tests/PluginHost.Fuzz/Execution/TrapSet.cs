using PluginHost.Wasm.Runtime;

namespace PluginHost.Fuzz.Execution;

/// <summary>Kinds of traps: several where an engine's message does not tell them apart. The bits are those of <see cref="TrapKind"/>.</summary>
[Flags]
internal enum TrapSet
{
    None = 0,
    Unreachable = 1 << TrapKind.Unreachable,
    OutOfBoundsMemoryAccess = 1 << TrapKind.OutOfBoundsMemoryAccess,
    OutOfBoundsTableAccess = 1 << TrapKind.OutOfBoundsTableAccess,
    UndefinedElement = 1 << TrapKind.UndefinedElement,
    UninitializedElement = 1 << TrapKind.UninitializedElement,
    IndirectCallTypeMismatch = 1 << TrapKind.IndirectCallTypeMismatch,
    IntegerDivideByZero = 1 << TrapKind.IntegerDivideByZero,
    IntegerOverflow = 1 << TrapKind.IntegerOverflow,
    InvalidConversionToInteger = 1 << TrapKind.InvalidConversionToInteger,
    CallStackExhausted = 1 << TrapKind.CallStackExhausted,
    DeadlineExceeded = 1 << TrapKind.DeadlineExceeded,
    FuelExhausted = 1 << TrapKind.FuelExhausted,

    /// <summary>The engine did what no guest may make it do.</summary>
    Crash = 1 << 30,

    Limits = CallStackExhausted | DeadlineExceeded | FuelExhausted,
}
