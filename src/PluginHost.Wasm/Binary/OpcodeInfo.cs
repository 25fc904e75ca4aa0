namespace PluginHost.Wasm.Binary;

/// <summary>One row of the opcode table.</summary>

public sealed class OpcodeInfo(Opcode opcode, string mnemonic, Immediates immediates, string operands, string results, int accessWidth)
{
    public Opcode Opcode { get; } = opcode;

    public string Mnemonic { get; } = mnemonic;

    public Immediates Immediates { get; } = immediates;

    /// <summary>The operands' types, the deepest first.</summary>
    public ValueType[] Operands { get; } = [.. operands.Select(Type)];

    /// <summary>The results' types: none or one.</summary>
    public ValueType[] Results { get; } = [.. results.Select(Type)];

    public int AccessWidth { get; } = accessWidth;

    private static ValueType Type(char letter) => letter switch
    {
        'i' => ValueType.I32,
        'I' => ValueType.I64,
        'f' => ValueType.F32,
        _ => ValueType.F64,
    };
}
