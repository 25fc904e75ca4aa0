namespace PluginHost.Wasm.Modules;

/// <summary>What can be asked of a <see cref="ValueType"/>.</summary>
public static class ValueTypes
{
    /// <summary>The type's name in the text format: <c>i32</c>, <c>funcref</c>, …</summary>
    public static string Name(this ValueType type) => type switch
    {
        ValueType.I32 => "i32",
        ValueType.I64 => "i64",
        ValueType.F32 => "f32",
        ValueType.F64 => "f64",
        ValueType.V128 => "v128",
        ValueType.FuncRef => "funcref",
        ValueType.ExternRef => "externref",
        _ => $"type 0x{(byte)type:x2}",
    };

    public static bool IsNumber(this ValueType type) => type is >= ValueType.F64 and <= ValueType.I32;

    public static bool IsReference(this ValueType type) => type is ValueType.FuncRef or ValueType.ExternRef;
}
