using System.Globalization;
using System.Text.Json;
using PluginHost.Cli.CommandLine;
using PluginHost.Cli.Server;
using PluginHost.Wasm.Modules;

namespace PluginHost.Cli.Local;

/// <summary>Arguments and results of a call inside the tool: the server's rules for what is typed and what is printed.</summary>
internal static class LocalArguments
{
    public static ulong[] Read(FunctionType type, IReadOnlyList<string?> texts)
    {
        var bits = new ulong[type.Parameters.Length];

        for (var i = 0; i < bits.Length; i++)
        {
            bits[i] = Read(type.Parameters[i], texts[i]!) ?? throw ToolException.Usage(
                string.Create(CultureInfo.InvariantCulture, $"Argument {i + 1} is no {type.Parameters[i].Name()}, or out of its range: {texts[i]}"));
        }

        return bits;
    }

    /// <summary>The JSON that the server answers: i64 as strings, all digits.</summary>
    public static JsonElement Answer(FunctionType type, ReadOnlySpan<ulong> results)
    {
        var texts = new List<string>();

        for (var i = 0; i < type.Results.Length; i++)
            texts.Add(Text(type.Results[i], results[i]));

        return JsonSerializer.Deserialize($$"""{"results":[{{string.Join(',', texts)}}]}""", CliJsonContext.Default.JsonElement);
    }

    private static ulong? Read(ValueType type, string text) => type switch
    {
        ValueType.I32 => ReadInteger(text, 32),
        ValueType.I64 => ReadInteger(text, 64),
        ValueType.F32 => ReadFloat(text) is { } number && (!double.IsFinite(number) || float.IsFinite(float.Parse(text, CultureInfo.InvariantCulture)))
            ? BitConverter.SingleToUInt32Bits(float.IsFinite((float)number) ? float.Parse(text, CultureInfo.InvariantCulture) : (float)number)
            : null,
        ValueType.F64 => ReadFloat(text) is { } number ? BitConverter.DoubleToUInt64Bits(number) : null,
        _ => null,
    };

    /// <summary>Signed and unsigned values of the width, decimal or hexadecimal.</summary>
    private static ulong? ReadInteger(string text, int bits)
    {
        var isNegative = text.StartsWith('-');
        var digits = isNegative ? text[1..] : text;

        if (!(digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? UInt128.TryParse(digits.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var magnitude)
            : UInt128.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out magnitude)))
        {
            return null;
        }

        if (magnitude > (isNegative ? UInt128.One << (bits - 1) : (UInt128.One << bits) - 1))
            return null;

        var value = isNegative ? 0 - (ulong)magnitude : (ulong)magnitude;
        return bits == 32 ? (uint)value : value;
    }

    private static double? ReadFloat(string text) => text switch
    {
        // The canonical NaN is positive; .NET's own has its sign bit set.
        "NaN" => -double.NaN,
        "Infinity" => double.PositiveInfinity,
        "-Infinity" => double.NegativeInfinity,
        _ => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null,
    };

    private static string Text(ValueType type, ulong bits) => type switch
    {
        ValueType.I32 => ((int)bits).ToString(CultureInfo.InvariantCulture),
        ValueType.I64 => $"\"{((long)bits).ToString(CultureInfo.InvariantCulture)}\"",
        ValueType.F32 => Float(BitConverter.UInt32BitsToSingle((uint)bits)),
        _ => Float(BitConverter.UInt64BitsToDouble(bits)),
    };

    private static string Float<T>(T value)
        where T : System.Numerics.IFloatingPointIeee754<T>
    {
        var text = value.ToString(null, CultureInfo.InvariantCulture);
        return T.IsFinite(value) ? text : $"\"{text}\"";
    }
}
