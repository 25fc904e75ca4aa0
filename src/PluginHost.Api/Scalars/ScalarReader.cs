using System.Globalization;
using System.Text.Json;
using PluginHost.Wasm.Modules;

namespace PluginHost.Api.Scalars;

/// <summary>
/// Reads arguments from JSON into their bits. The numbers are read from the token's own bytes, so that no value changes on its way. Strings stand for what
/// JSON's numbers cannot express.
/// </summary>
internal static class ScalarReader
{
    private const int MaximumDepth = 8;

    // Every character of the longest integer in range written as \uXXXX, and some leading zeros.
    private const int MaximumEscapedBytes = 256;

    /// <summary>Reads <c>{"args":[…]}</c>.</summary>
    /// <returns>What is wrong, or null.</returns>
    public static ScalarError? ReadInvocation(ReadOnlySpan<byte> body, FunctionType type, Span<ulong> arguments)
    {
        var reader = Reader(body);

        try
        {
            return FindMember(ref reader, "args"u8, "args", out var isThere)
                ?? (isThere ? ReadArguments(ref reader, type, "/args", arguments) ?? ReadEnd(ref reader) : NoMember(type, arguments));
        }
        catch (JsonException exception)
        {
            return Malformed(exception);
        }
        catch (InvalidOperationException)
        {
            return NotUnicode();
        }
    }

    /// <summary>Reads <c>{"calls":[[…],…]}</c>.</summary>
    /// <param name="calls">The arguments of each call.</param>
    public static ScalarError? ReadBatch(ReadOnlySpan<byte> body, FunctionType type, int maximum, List<ulong[]> calls)
    {
        var reader = Reader(body);

        try
        {
            if (FindMember(ref reader, "calls"u8, "calls", out var isThere) is { } error)
                return error;

            if (!isThere || reader.TokenType != JsonTokenType.StartArray)
                return new ScalarError("argument-type", "The body must be an object with the member \"calls\": an array with the arguments of each call.", "/calls");

            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (calls.Count == maximum)
                    return new ScalarError("batch-too-large", $"A batch has at most {maximum} calls.", "/calls");

                var arguments = new ulong[type.Parameters.Length];
                var pointer = string.Create(CultureInfo.InvariantCulture, $"/calls/{calls.Count}");

                if (ReadArguments(ref reader, type, pointer, arguments) is { } wrong)
                    return wrong;

                calls.Add(arguments);
            }

            return ReadEnd(ref reader);
        }
        catch (JsonException exception)
        {
            return Malformed(exception);
        }
        catch (InvalidOperationException)
        {
            return NotUnicode();
        }
    }

    private static Utf8JsonReader Reader(ReadOnlySpan<byte> body) => new(body, new JsonReaderOptions { MaxDepth = MaximumDepth });

    private static ScalarError Malformed(JsonException exception) => new("malformed-json", $"The body is not valid JSON: {exception.Message}");

    /// <summary>The reader checks a string's encoding only when it is unescaped, and says so with an exception of its own.</summary>
    private static ScalarError NotUnicode() => new("malformed-json", "The body is not valid JSON: a string has a lone surrogate or bytes that are not UTF-8.");

    private static ScalarError? NoMember(FunctionType type, Span<ulong> arguments) => arguments.IsEmpty
        ? null
        : new ScalarError("wrong-arity", $"The body has no \"args\"; the export takes {type.Parameters.Length} argument(s).", "/args");

    /// <summary>Goes to the value of the object's only member.</summary>
    private static ScalarError? FindMember(ref Utf8JsonReader reader, ReadOnlySpan<byte> name, string text, out bool isThere)
    {
        isThere = false;
        reader.Read();

        if (reader.TokenType != JsonTokenType.StartObject)
            return new ScalarError("argument-type", $"The body must be an object with the member \"{text}\".", "");

        reader.Read();

        if (reader.TokenType == JsonTokenType.EndObject)
            return reader.Read() ? new ScalarError("malformed-json", "Something follows the object.") : null;

        if (!reader.ValueTextEquals(name))
            return new ScalarError("malformed-json", $"Unknown member; the body has the member \"{text}\" and no other.");

        reader.Read();
        isThere = true;
        return null;
    }

    private static ScalarError? ReadEnd(ref Utf8JsonReader reader)
    {
        reader.Read();

        if (reader.TokenType != JsonTokenType.EndObject)
            return new ScalarError("malformed-json", "Unknown or repeated member; the body has one member and no other.");

        return reader.Read() ? new ScalarError("malformed-json", "Something follows the object.") : null;
    }

    private static ScalarError? ReadArguments(ref Utf8JsonReader reader, FunctionType type, string pointer, Span<ulong> arguments)
    {
        if (reader.TokenType == JsonTokenType.StartObject)
            return new ScalarError("argument-type", "Arguments go by position in an array: this plugin has no manifest that names its parameters.", pointer);

        if (reader.TokenType != JsonTokenType.StartArray)
            return new ScalarError("argument-type", "Arguments are an array.", pointer);

        var count = 0;

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (count < arguments.Length)
            {
                if (ReadScalar(ref reader, type.Parameters[count], out arguments[count]) is { } error)
                    return error with { Pointer = string.Create(CultureInfo.InvariantCulture, $"{pointer}/{count}") };
            }
            else
            {
                reader.Skip();
            }

            count++;
        }

        return count == arguments.Length
            ? null
            : new ScalarError("wrong-arity", $"{count} argument(s) were given; the export takes {arguments.Length}.", pointer);
    }

    private static ScalarError? ReadScalar(ref Utf8JsonReader reader, ValueType type, out ulong value) => type switch
    {
        ValueType.I32 => ReadInteger(ref reader, 32, out value),
        ValueType.I64 => ReadInteger(ref reader, 64, out value),
        _ => ReadFloat(ref reader, type, out value),
    };

    private static ScalarError? ReadInteger(ref Utf8JsonReader reader, int bits, out ulong value)
    {
        value = 0;
        IntegerText.Result result;

        if (reader.TokenType == JsonTokenType.Number)
        {
            result = IntegerText.Read(reader.ValueSpan, bits, allowsHexadecimal: false, out value);
        }
        else if (reader.TokenType == JsonTokenType.String)
        {
            result = reader.ValueIsEscaped
                ? ReadEscaped(ref reader, bits, out value)
                : IntegerText.Read(reader.ValueSpan, bits, allowsHexadecimal: true, out value);
        }
        else
        {
            return new ScalarError("argument-type", $"An i{bits} is a number or a string of digits, not {Name(reader.TokenType)}.");
        }

        return result switch
        {
            IntegerText.Result.Read => null,
            IntegerText.Result.NotWhole => new ScalarError("argument-type", $"An i{bits} takes whole numbers only."),
            IntegerText.Result.NotANumber => new ScalarError("argument-type", $"The string is not a decimal or hexadecimal (0x…) integer."),
            _ => new ScalarError("argument-out-of-range", bits == 32 ? "An i32 takes −2147483648 to 4294967295." : "An i64 takes −9223372036854775808 to 18446744073709551615."),
        };
    }

    /// <summary>An escaped digit is a digit, as rare as it is.</summary>
    private static IntegerText.Result ReadEscaped(ref Utf8JsonReader reader, int bits, out ulong value)
    {
        Span<byte> text = stackalloc byte[MaximumEscapedBytes];
        value = 0;

        // Unescaping never makes a string longer.
        return reader.ValueSpan.Length <= MaximumEscapedBytes
            ? IntegerText.Read(text[..reader.CopyString(text)], bits, allowsHexadecimal: true, out value)
            : IntegerText.Result.NotANumber;
    }

    private static ScalarError? ReadFloat(ref Utf8JsonReader reader, ValueType type, out ulong value)
    {
        value = 0;

        switch (reader.TokenType)
        {
            case JsonTokenType.Number:
                // Parsed at its own width: through a double an f32 would be rounded twice.
                if (type == ValueType.F32)
                {
                    var single = float.Parse(reader.ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture);
                    value = BitConverter.SingleToUInt32Bits(single);
                    return float.IsFinite(single) ? null : Overflow(type);
                }

                var number = double.Parse(reader.ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture);
                value = BitConverter.DoubleToUInt64Bits(number);
                return double.IsFinite(number) ? null : Overflow(type);
            case JsonTokenType.String:
                double? special = reader.ValueTextEquals("NaN"u8) ? double.NaN
                    : reader.ValueTextEquals("Infinity"u8) ? double.PositiveInfinity
                    : reader.ValueTextEquals("-Infinity"u8) ? double.NegativeInfinity : null;

                if (special is not { } named)
                    return new ScalarError("argument-type", $"As a string an {type.Name()} is \"NaN\", \"Infinity\" or \"-Infinity\".");

                // The canonical NaN is positive; .NET's own has its sign bit set.
                value = double.IsNaN(named)
                    ? type == ValueType.F32 ? 0x7FC0_0000UL : 0x7FF8_0000_0000_0000UL
                    : type == ValueType.F32 ? BitConverter.SingleToUInt32Bits((float)named) : BitConverter.DoubleToUInt64Bits(named);
                return null;
            case JsonTokenType.StartObject:
                return ReadBits(ref reader, type, out value);
            default:
                return new ScalarError("argument-type", $"An {type.Name()} is a number, \"NaN\", \"Infinity\", \"-Infinity\" or {{\"bits\":\"0x…\"}}, not {Name(reader.TokenType)}.");
        }
    }

    private static ScalarError? ReadBits(ref Utf8JsonReader reader, ValueType type, out ulong value)
    {
        var bits = type == ValueType.F32 ? 32 : 64;
        value = 0;
        reader.Read();

        if (reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals("bits"u8))
            return new ScalarError("argument-type", "A float as an object is {\"bits\":\"0x…\"}.");

        reader.Read();

        if (reader.TokenType != JsonTokenType.String || reader.ValueIsEscaped || !reader.ValueSpan.StartsWith("0x"u8))
            return new ScalarError("argument-type", "The bits of a float are a hexadecimal string: \"0x…\".");

        var result = IntegerText.Read(reader.ValueSpan, bits, allowsHexadecimal: true, out value);
        reader.Read();

        if (reader.TokenType != JsonTokenType.EndObject || result == IntegerText.Result.NotANumber)
            return new ScalarError("argument-type", "A float as an object is {\"bits\":\"0x…\"} and nothing else.");

        return result == IntegerText.Result.Read ? null : new ScalarError("argument-out-of-range", $"The bits of an {type.Name()} are {bits} bits.");
    }

    private static ScalarError Overflow(ValueType type) => new("argument-out-of-range", $"The number is too large for an {type.Name()}; infinity is written \"Infinity\".");

    private static string Name(JsonTokenType token) => token switch
    {
        JsonTokenType.True or JsonTokenType.False => "a boolean",
        JsonTokenType.Null => "null",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.StartObject => "an object",
        JsonTokenType.String => "a string",
        _ => "a number",
    };
}
