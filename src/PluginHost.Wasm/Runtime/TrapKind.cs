namespace PluginHost.Wasm.Runtime;

/// <summary>Why a guest's execution was aborted.</summary>
public enum TrapKind
{
    /// <summary>The instruction <c>unreachable</c> was executed. A Go panic, a fatal error and a deadlock end so.</summary>
    Unreachable,

    /// <summary>A load, store or bulk operation reached outside the memory.</summary>
    OutOfBoundsMemoryAccess,

    /// <summary>A table instruction reached outside its table.</summary>
    OutOfBoundsTableAccess,

    /// <summary><c>call_indirect</c> named an index outside its table.</summary>
    UndefinedElement,

    /// <summary><c>call_indirect</c> met a null reference.</summary>
    UninitializedElement,

    /// <summary><c>call_indirect</c> met a function of another type.</summary>
    IndirectCallTypeMismatch,

    /// <summary>An integer division or remainder by zero.</summary>
    IntegerDivideByZero,

    /// <summary>A signed division whose quotient does not fit, or a conversion of a float out of the integer's range.</summary>
    IntegerOverflow,

    /// <summary>A conversion of NaN to an integer.</summary>
    InvalidConversionToInteger,

    /// <summary>Calls were nested deeper than the instance's limit.</summary>
    CallStackExhausted,

    /// <summary>The deadline of the call passed.</summary>
    DeadlineExceeded,

    /// <summary>The caller gave the call up.</summary>
    Cancelled,

    /// <summary>The call's fuel was used up.</summary>
    FuelExhausted,
}
