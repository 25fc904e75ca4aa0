namespace PluginHost.Wasm.Interpreter;

/// <summary>The places within a function at which compiled code hands it over to the interpreter, as indexes into the register code made for it.</summary>
internal sealed class FunctionEntries
{
    /// <summary>
    /// For each place in the module's bytes at which no operand stands on the stack and one is put there, the instruction that does it. Nothing is made one
    /// across such a place.
    /// </summary>
    public Dictionary<int, int> Statements { get; } = [];

    /// <summary>The places behind the calls, in the order of the code, where all operands but constants stand in their canonical slots.</summary>
    public List<int> BehindCalls { get; } = [];
}
