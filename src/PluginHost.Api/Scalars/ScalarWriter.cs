using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using PluginHost.Plugins.Invocation;
using PluginHost.Plugins.Manifests;

namespace PluginHost.Api.Scalars;

/// <summary>How results are asked for.</summary>
/// <param name="Int64AsNumber">i64 as a number with all its digits, for readers whose numbers hold them; else as a decimal string.</param>
/// <param name="FloatAsBits">Floats as <c>{"bits":"0x…"}</c>.</param>
internal readonly record struct ScalarFormat(bool Int64AsNumber, bool FloatAsBits);

/// <summary>Writes results as JSON: integers with all their digits, floats as the shortest number that reads back the same.</summary>
internal static class ScalarWriter
{
    /// <param name="bytes">The result where it is text, bytes or JSON, known to be what it is declared to be.</param>
    public static void WriteResults(Utf8JsonWriter writer, CallSignature signature, ReadOnlySpan<ulong> results, ReadOnlySpan<byte> bytes, ScalarFormat format)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("results"u8);

        for (var i = 0; i < signature.Results.Length; i++)
            Write(writer, signature.Results[i].Type, results[i], bytes, format);

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, DeclaredType type, ulong bits, ReadOnlySpan<byte> bytes, ScalarFormat format)
    {
        switch (type)
        {
            case DeclaredType.Bool:
                writer.WriteBooleanValue((uint)bits != 0);
                break;
            case DeclaredType.U32 or DeclaredType.Pointer:
                writer.WriteNumberValue((uint)bits);
                break;
            case DeclaredType.U64 when format.Int64AsNumber:
                writer.WriteNumberValue(bits);
                break;
            case DeclaredType.U64:
                writer.WriteStringValue(bits.ToString(CultureInfo.InvariantCulture));
                break;
            case DeclaredType.String:
                writer.WriteStringValue(bytes);
                break;
            case DeclaredType.Bytes:
                writer.WriteBase64StringValue(bytes);
                break;
            case DeclaredType.Json:
                writer.WriteRawValue(bytes, skipInputValidation: true);
                break;
            case DeclaredType.I32:
                writer.WriteNumberValue((int)bits);
                break;
            case DeclaredType.I64 when format.Int64AsNumber:
                writer.WriteNumberValue((long)bits);
                break;
            case DeclaredType.I64:
                Span<byte> digits = stackalloc byte[20];
                Utf8Formatter.TryFormat((long)bits, digits, out var length);
                writer.WriteStringValue(digits[..length]);
                break;
            case DeclaredType.F32 when format.FloatAsBits:
                WriteBits(writer, $"0x{(uint)bits:x8}");
                break;
            case DeclaredType.F64 when format.FloatAsBits:
                WriteBits(writer, $"0x{bits:x16}");
                break;
            case DeclaredType.F32:
                var single = BitConverter.UInt32BitsToSingle((uint)bits);

                if (float.IsFinite(single))
                    writer.WriteNumberValue(single);
                else
                    WriteSpecial(writer, single);

                break;
            default:
                var number = BitConverter.UInt64BitsToDouble(bits);

                if (double.IsFinite(number))
                    writer.WriteNumberValue(number);
                else
                    WriteSpecial(writer, number);

                break;
        }
    }

    private static void WriteBits(Utf8JsonWriter writer, string bits)
    {
        writer.WriteStartObject();
        writer.WriteString("bits"u8, bits);
        writer.WriteEndObject();
    }

    private static void WriteSpecial(Utf8JsonWriter writer, double value) =>
        writer.WriteStringValue(double.IsNaN(value) ? "NaN"u8 : value > 0 ? "Infinity"u8 : "-Infinity"u8);
}
