using System.Globalization;
using System.Text;
using PluginHost.Cli.Arguments;
using PluginHost.Cli.CommandLine;
using PluginHost.Plugins.Invocation;
using PluginHost.Plugins.Manifests;

namespace PluginHost.Cli.Local;

/// <summary>Arguments of a call inside the tool, by the server's rules for what is typed.</summary>
internal static class LocalArguments
{
    public static CallArguments Read(CallSignature signature, IReadOnlyList<string> texts)
    {
        var values = new ulong[signature.SlotCount];
        using var bytes = new MemoryStream();

        for (var i = 0; i < texts.Count; i++)
        {
            var parameter = signature.Parameters[i];

            if (parameter.Type.IsInMemory())
            {
                var content = Content(parameter.Type, texts[i]);
                bytes.SetLength((bytes.Length + CallArguments.Alignment - 1) / CallArguments.Alignment * CallArguments.Alignment);
                bytes.Position = bytes.Length;
                values[parameter.Slot] = (ulong)bytes.Position;
                values[parameter.Slot + 1] = (ulong)content.Length;
                bytes.Write(content);
            }
            else
            {
                values[parameter.Slot] = Number(parameter.Type, texts[i]) ?? throw ToolException.Usage(
                    string.Create(CultureInfo.InvariantCulture, $"Argument {i + 1} is no {parameter.Type.Text()}, or out of its range: {texts[i]}"));
            }
        }

        return new CallArguments(values, bytes.ToArray());
    }

    private static byte[] Content(DeclaredType type, string text)
    {
        var content = type == DeclaredType.String ? Encoding.UTF8.GetBytes(text) : ArgumentJson.BytesOf(text);

        return type == DeclaredType.Json && JsonText.Problem(content) is { } problem
            ? throw ToolException.Usage($"This is not JSON: {problem}")
            : content;
    }

    private static ulong? Number(DeclaredType type, string text) => type switch
    {
        DeclaredType.Bool => text switch { "true" => 1, "false" => 0, _ => null },
        DeclaredType.I64 or DeclaredType.U64 => Integer(text, 64),
        DeclaredType.F32 => Single(text) is { } single ? BitConverter.SingleToUInt32Bits(single) : null,
        DeclaredType.F64 => Double(text) is { } number ? BitConverter.DoubleToUInt64Bits(number) : null,
        _ => Integer(text, 32),
    };

    /// <summary>Signed and unsigned values of the width, decimal or hexadecimal.</summary>
    private static ulong? Integer(string text, int bits)
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

    /// <summary>Parsed at its own width: through a double it would be rounded twice.</summary>
    private static float? Single(string text) => text switch
    {
        "NaN" => -float.NaN,
        "Infinity" => float.PositiveInfinity,
        "-Infinity" => float.NegativeInfinity,
        _ => float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && float.IsFinite(number) ? number : null,
    };

    private static double? Double(string text) => text switch
    {
        // The canonical NaN is positive; .NET's own has its sign bit set.
        "NaN" => -double.NaN,
        "Infinity" => double.PositiveInfinity,
        "-Infinity" => double.NegativeInfinity,
        _ => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null,
    };
}
