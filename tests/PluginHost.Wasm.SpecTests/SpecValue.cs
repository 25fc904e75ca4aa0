using System.Globalization;
using System.Text.Json;
using PluginHost.Wasm.Modules;

namespace PluginHost.Wasm.SpecTests;

/// <summary>The values of a script: bit patterns as unsigned decimal numbers, and what may stand in an expectation instead.</summary>
internal static class SpecValue
{
    private const uint CanonicalNaN32 = 0x7FC0_0000;
    private const ulong CanonicalNaN64 = 0x7FF8_0000_0000_0000;

    public static ulong Argument(JsonElement value) => Text(value) is var text && text == "null"
        ? 0
        : Type(value) == "externref" ? External(text) : ulong.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>Whether a result is what the script expects, bit by bit.</summary>
    public static bool Matches(JsonElement expected, ulong actual, ValueType type)
    {
        if (Type(expected) != type.Name())
            return false;

        return (Text(expected), type) switch
        {
            ("nan:canonical", ValueType.F32) => (actual & 0x7FFF_FFFF) == CanonicalNaN32,
            ("nan:canonical", ValueType.F64) => (actual & 0x7FFF_FFFF_FFFF_FFFF) == CanonicalNaN64,
            ("nan:arithmetic", ValueType.F32) => (actual & CanonicalNaN32) == CanonicalNaN32,
            ("nan:arithmetic", ValueType.F64) => (actual & CanonicalNaN64) == CanonicalNaN64,
            ("null", _) => actual == 0,
            (var text, ValueType.ExternRef) => actual == External(text),
            (_, ValueType.FuncRef) => actual != 0,
            (var text, _) => actual == ulong.Parse(text, CultureInfo.InvariantCulture),
        };
    }

    public static string Describe(JsonElement value) => $"{Type(value)}:{Text(value)}";

    // 0 is the engine's null, and one of the suite's references.
    private static ulong External(string text) => ulong.Parse(text, CultureInfo.InvariantCulture) + 1;

    private static string Type(JsonElement value) => value.GetProperty("type").GetString()!;

    private static string Text(JsonElement value) => value.TryGetProperty("value", out var text) ? text.GetString()! : "any";
}
