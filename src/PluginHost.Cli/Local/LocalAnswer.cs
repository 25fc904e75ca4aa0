using System.Buffers;
using System.Globalization;
using System.Text.Json;
using PluginHost.Cli.Server;
using PluginHost.Plugins.Invocation;
using PluginHost.Plugins.Manifests;

namespace PluginHost.Cli.Local;

/// <summary>The results of a call inside the tool as the JSON that a server answers.</summary>
internal static class LocalAnswer
{
    public static JsonElement Of(CallSignature signature, ReadOnlySpan<ulong> results, ReadOnlySpan<byte> bytes)
    {
        var buffer = new ArrayBufferWriter<byte>();

        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("results"u8);

            for (var i = 0; i < signature.Results.Length; i++)
                Write(writer, signature.Results[i].Type, results[i], bytes);

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return JsonSerializer.Deserialize(buffer.WrittenSpan, CliJsonContext.Default.JsonElement);
    }

    private static void Write(Utf8JsonWriter writer, DeclaredType type, ulong bits, ReadOnlySpan<byte> bytes)
    {
        switch (type)
        {
            case DeclaredType.Bool:
                writer.WriteBooleanValue((uint)bits != 0);
                break;
            case DeclaredType.I32:
                writer.WriteNumberValue((int)bits);
                break;
            case DeclaredType.U32 or DeclaredType.Pointer:
                writer.WriteNumberValue((uint)bits);
                break;
            case DeclaredType.I64:
                writer.WriteStringValue(((long)bits).ToString(CultureInfo.InvariantCulture));
                break;
            case DeclaredType.U64:
                writer.WriteStringValue(bits.ToString(CultureInfo.InvariantCulture));
                break;
            case DeclaredType.F32:
                WriteFloat(writer, BitConverter.UInt32BitsToSingle((uint)bits));
                break;
            case DeclaredType.F64:
                WriteFloat(writer, BitConverter.UInt64BitsToDouble(bits));
                break;
            case DeclaredType.String:
                writer.WriteStringValue(bytes);
                break;
            case DeclaredType.Bytes:
                writer.WriteBase64StringValue(bytes);
                break;
            default:
                writer.WriteRawValue(bytes);
                break;
        }
    }

    private static void WriteFloat<T>(Utf8JsonWriter writer, T value)
        where T : System.Numerics.IFloatingPointIeee754<T>
    {
        var text = value.ToString(null, CultureInfo.InvariantCulture);

        if (T.IsFinite(value))
            writer.WriteRawValue(text);
        else
            writer.WriteStringValue(text);
    }
}
