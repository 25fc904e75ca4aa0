using System.Buffers.Text;
using System.Text.Json;
using PluginHost.Wasm.Modules;

namespace PluginHost.Api.Scalars;

/// <summary>How results are asked for.</summary>
/// <param name="Int64AsNumber">i64 as a number with all its digits, for readers whose numbers hold them; else as a decimal string.</param>
/// <param name="FloatAsBits">Floats as <c>{"bits":"0x…"}</c>.</param>
internal readonly record struct ScalarFormat(bool Int64AsNumber, bool FloatAsBits);

/// <summary>Writes results as JSON: integers with all their digits, floats as the shortest number that reads back the same.</summary>
internal static class ScalarWriter
{
    public static void WriteResults(Utf8JsonWriter writer, FunctionType type, ReadOnlySpan<ulong> results, ScalarFormat format)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("results"u8);

        for (var i = 0; i < type.Results.Length; i++)
            Write(writer, type.Results[i], results[i], format);

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, ValueType type, ulong bits, ScalarFormat format)
    {
        switch (type)
        {
            case ValueType.I32:
                writer.WriteNumberValue((int)bits);
                break;
            case ValueType.I64 when format.Int64AsNumber:
                writer.WriteNumberValue((long)bits);
                break;
            case ValueType.I64:
                Span<byte> digits = stackalloc byte[20];
                Utf8Formatter.TryFormat((long)bits, digits, out var length);
                writer.WriteStringValue(digits[..length]);
                break;
            case ValueType.F32 when format.FloatAsBits:
                WriteBits(writer, $"0x{(uint)bits:x8}");
                break;
            case ValueType.F64 when format.FloatAsBits:
                WriteBits(writer, $"0x{bits:x16}");
                break;
            case ValueType.F32:
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
