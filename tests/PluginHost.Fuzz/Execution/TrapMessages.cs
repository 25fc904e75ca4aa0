namespace PluginHost.Fuzz.Execution;

/// <summary>What other engines say of a trap, and which kinds that may be.</summary>
internal static class TrapMessages
{
    private static readonly (string Start, TrapSet Traps)[] s_messages =
    [
        // V8
        ("unreachable", TrapSet.Unreachable),
        ("memory access out of bounds", TrapSet.OutOfBoundsMemoryAccess),
        ("data segment", TrapSet.OutOfBoundsMemoryAccess),
        ("table index is out of bounds", TrapSet.UndefinedElement | TrapSet.OutOfBoundsTableAccess),
        ("table access out of bounds", TrapSet.UndefinedElement | TrapSet.OutOfBoundsTableAccess),
        ("table or element", TrapSet.OutOfBoundsTableAccess),
        ("element segment", TrapSet.OutOfBoundsTableAccess),
        ("null function or function signature mismatch", TrapSet.UninitializedElement | TrapSet.IndirectCallTypeMismatch),
        ("divide by zero", TrapSet.IntegerDivideByZero),
        ("remainder by zero", TrapSet.IntegerDivideByZero),
        ("divide result unrepresentable", TrapSet.IntegerOverflow),
        ("float unrepresentable in integer range", TrapSet.IntegerOverflow | TrapSet.InvalidConversionToInteger),
        ("Maximum call stack size exceeded", TrapSet.CallStackExhausted),

        // wabt
        ("unreachable executed", TrapSet.Unreachable),
        ("out of bounds memory access", TrapSet.OutOfBoundsMemoryAccess),
        ("out of bounds table access", TrapSet.OutOfBoundsTableAccess),
        ("undefined table index", TrapSet.UndefinedElement),
        ("uninitialized table element", TrapSet.UninitializedElement),
        ("indirect call signature mismatch", TrapSet.IndirectCallTypeMismatch),
        ("integer divide by zero", TrapSet.IntegerDivideByZero),
        ("integer overflow", TrapSet.IntegerOverflow),
        ("invalid conversion to integer", TrapSet.InvalidConversionToInteger),
        ("call stack exhausted", TrapSet.CallStackExhausted),
    ];

    /// <exception cref="InvalidOperationException">The message is not in the table, which has to be extended.</exception>
    public static TrapSet Parse(string message)
    {
        foreach (var (start, traps) in s_messages)
        {
            if (message.StartsWith(start, StringComparison.Ordinal))
                return traps;
        }

        throw new InvalidOperationException($"No kind of trap is known for the message '{message}'.");
    }
}
