namespace PluginHost.Wasm.Modules;

/// <summary>The type of a value, by its code in the binary format (spec 5.3.1–5.3.4).</summary>
public enum ValueType : byte
{
    /// <summary>A 32-bit integer without a sign of its own.</summary>
    I32 = 0x7F,

    /// <summary>A 64-bit integer without a sign of its own.</summary>
    I64 = 0x7E,

    /// <summary>An IEEE 754 binary32 number.</summary>
    F32 = 0x7D,

    /// <summary>An IEEE 754 binary64 number.</summary>
    F64 = 0x7C,

    /// <summary>A 128-bit vector. It is named so that it can be refused by name: no value of this type exists in the engine.</summary>
    V128 = 0x7B,

    /// <summary>A reference to a function, or null.</summary>
    FuncRef = 0x70,

    /// <summary>A reference that the host handed in, or null.</summary>
    ExternRef = 0x6F,
}
