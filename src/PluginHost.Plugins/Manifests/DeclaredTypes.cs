namespace PluginHost.Plugins.Manifests;

/// <summary>What each declared type is in WebAssembly and in text.</summary>
public static class DeclaredTypes
{
    private static readonly string[] Names = ["bool", "i32", "u32", "i64", "u64", "f32", "f64", "pointer", "string", "bytes", "json"];

    /// <summary>The name as it stands in manifests.</summary>
    public static string Text(this DeclaredType type) => Names[(int)type];

    /// <summary>Whether the value stands in the plugin's memory.</summary>
    public static bool IsInMemory(this DeclaredType type) => type >= DeclaredType.String;

    public static bool TryParse(ReadOnlySpan<char> text, out DeclaredType type)
    {
        for (var i = 0; i < Names.Length; i++)
        {
            if (text.SequenceEqual(Names[i]))
            {
                type = (DeclaredType)i;
                return true;
            }
        }

        type = default;
        return false;
    }

    /// <summary>What a value without a manifest is taken for; references for i32, though no export with them can be called.</summary>
    public static DeclaredType Of(ValueType type) => type switch
    {
        ValueType.I64 => DeclaredType.I64,
        ValueType.F32 => DeclaredType.F32,
        ValueType.F64 => DeclaredType.F64,
        _ => DeclaredType.I32,
    };

    /// <summary>The number types that a parameter is made of.</summary>
    internal static IReadOnlyList<string> Parameters(DeclaredType type) => type.IsInMemory() ? ["i32", "i32"] : [Scalar(type)];

    /// <summary>The number type that a result is.</summary>
    internal static string Result(DeclaredType type) => type.IsInMemory() ? "i64" : Scalar(type);

    private static string Scalar(DeclaredType type) => type switch
    {
        DeclaredType.I64 or DeclaredType.U64 => "i64",
        DeclaredType.F32 => "f32",
        DeclaredType.F64 => "f64",
        _ => "i32",
    };
}
