using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;
using PluginHost.Plugins.Invocation;
using PluginHost.Plugins.Manifests;
using PluginHost.Wasm.Modules;

namespace PluginHost.Api.Scalars;

/// <summary>
/// Reads arguments from JSON into their bits. The numbers are read from the token's own bytes, so that no value changes on its way. Strings stand for what
/// JSON's numbers cannot express.
/// </summary>
internal static class ScalarReader
{
    private const int MaximumDepth = 8;
    private const int MaximumJsonDepth = JsonText.MaximumDepth + 4;

    // Every character of the longest integer in range written as \uXXXX, and some leading zeros.
    private const int MaximumEscapedBytes = 256;

    /// <summary>Reads <c>{"args":[…]}</c>, or <c>{"args":{…}}</c> with the names of a manifest.</summary>
    /// <param name="arguments">Room for a number for each slot.</param>
    /// <param name="bytes">What takes the strings, bytes and JSON; null where the function takes none.</param>
    /// <returns>What is wrong, or null.</returns>
    public static ScalarError? ReadInvocation(ReadOnlySpan<byte> body, CallSignature signature, Span<ulong> arguments, ArgumentBytes? bytes = null)
    {
        var reader = Reader(body, signature);

        try
        {
            return FindMember(ref reader, "args"u8, "args", out var isThere)
                ?? (isThere ? ReadArguments(ref reader, body, signature, "/args", arguments, bytes) ?? ReadEnd(ref reader) : NoMember(signature));
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
    public static ScalarError? ReadBatch(ReadOnlySpan<byte> body, CallSignature signature, int maximum, List<CallArguments> calls)
    {
        var reader = Reader(body, signature);

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

                var arguments = new ulong[signature.SlotCount];
                var bytes = signature.TakesBytes ? new ArgumentBytes() : null;
                var pointer = string.Create(CultureInfo.InvariantCulture, $"/calls/{calls.Count}");

                if (ReadArguments(ref reader, body, signature, pointer, arguments, bytes) is { } wrong)
                    return wrong;

                calls.Add(new CallArguments(arguments, bytes?.Written ?? default));
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

    private static Utf8JsonReader Reader(ReadOnlySpan<byte> body, CallSignature signature) =>
        new(body, new JsonReaderOptions { MaxDepth = signature.TakesBytes ? MaximumJsonDepth : MaximumDepth });

    private static ScalarError Malformed(JsonException exception) => new("malformed-json", $"The body is not valid JSON: {exception.Message}");

    /// <summary>The reader checks a string's encoding only when it is unescaped, and says so with an exception of its own.</summary>
    private static ScalarError NotUnicode() => new("malformed-json", "The body is not valid JSON: a string has a lone surrogate or bytes that are not UTF-8.");

    private static ScalarError? NoMember(CallSignature signature) => signature.Parameters.IsEmpty
        ? null
        : new ScalarError("wrong-arity", $"The body has no \"args\"; the export takes {signature.Parameters.Length} argument(s).", "/args");

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

    private static ScalarError? ReadArguments(
        ref Utf8JsonReader reader, ReadOnlySpan<byte> body, CallSignature signature, string pointer, Span<ulong> arguments, ArgumentBytes? bytes)
    {
        var parameters = signature.Parameters;

        if (reader.TokenType == JsonTokenType.StartObject)
        {
            return signature.IsDeclared
                ? ReadNamed(ref reader, body, signature, pointer, arguments, bytes)
                : new ScalarError("argument-type", "Arguments go by position in an array: this plugin has no manifest that names its parameters.", pointer);
        }

        if (reader.TokenType != JsonTokenType.StartArray)
            return new ScalarError("argument-type", signature.IsDeclared ? "Arguments are an array, or an object by their names." : "Arguments are an array.", pointer);

        var count = 0;

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (count < parameters.Length)
            {
                if (ReadValue(ref reader, body, parameters[count], arguments, bytes) is { } error)
                    return error with { Pointer = string.Create(CultureInfo.InvariantCulture, $"{pointer}/{count}") };
            }
            else
            {
                reader.Skip();
            }

            count++;
        }

        return count == parameters.Length
            ? null
            : new ScalarError("wrong-arity", $"{count} argument(s) were given; the export takes {parameters.Length}.", pointer);
    }

    /// <summary>In any order, each once.</summary>
    private static ScalarError? ReadNamed(
        ref Utf8JsonReader reader, ReadOnlySpan<byte> body, CallSignature signature, string pointer, Span<ulong> arguments, ArgumentBytes? bytes)
    {
        var parameters = signature.Parameters;
        var given = new bool[parameters.Length];

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var index = 0;

            while (index < parameters.Length && !reader.ValueTextEquals(parameters[index].Name))
                index++;

            if (index == parameters.Length)
                return new ScalarError("unknown-argument", $"The export has no parameter of this name: its parameters are {string.Join(", ", parameters.Select(parameter => parameter.Name))}.", pointer);

            var place = $"{pointer}/{parameters[index].Name!.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";

            if (given[index])
                return new ScalarError("unknown-argument", "The argument is given twice.", place);

            given[index] = true;
            reader.Read();

            if (ReadValue(ref reader, body, parameters[index], arguments, bytes) is { } error)
                return error with { Pointer = place };
        }

        var missing = parameters.Where((_, index) => !given[index]).Select(parameter => parameter.Name).ToList();
        return missing.Count == 0 ? null : new ScalarError("wrong-arity", $"Arguments are missing: {string.Join(", ", missing)}.", pointer);
    }

    private static ScalarError? ReadValue(ref Utf8JsonReader reader, ReadOnlySpan<byte> body, CallParameter parameter, Span<ulong> arguments, ArgumentBytes? bytes)
    {
        if (!parameter.Type.IsInMemory())
            return ReadScalar(ref reader, parameter.Type, out arguments[parameter.Slot]);

        var error = ReadBytes(ref reader, body, parameter.Type, bytes!, out var offset, out var length);
        arguments[parameter.Slot] = offset;
        arguments[parameter.Slot + 1] = (ulong)length;
        return error;
    }

    private static ScalarError? ReadBytes(ref Utf8JsonReader reader, ReadOnlySpan<byte> body, DeclaredType type, ArgumentBytes bytes, out ulong offset, out int length)
    {
        length = 0;
        offset = 0;

        if (type == DeclaredType.Json)
        {
            var begin = (int)reader.TokenStartIndex;
            reader.Skip();
            var text = body[begin..(int)reader.BytesConsumed];

            if (!Utf8.IsValid(text))
                return NotUnicode();

            text.CopyTo(bytes.Begin(text.Length, out offset));
            length = text.Length;
            bytes.End(length);
            return null;
        }

        if (reader.TokenType != JsonTokenType.String)
            return new ScalarError("argument-type", $"{(type == DeclaredType.String ? "A string is a string" : "Bytes are a string in base64")}, not {Name(reader.TokenType)}.");

        // Unescaping never makes a string longer, and neither does decoding.
        var room = bytes.Begin(reader.ValueSpan.Length, out offset);
        length = reader.CopyString(room);

        if (type == DeclaredType.Bytes && Base64.DecodeFromUtf8InPlace(room[..length], out length) != OperationStatus.Done)
            return new ScalarError("argument-type", "The string is not base64.");

        bytes.End(length);
        return null;
    }

    private static ScalarError? ReadScalar(ref Utf8JsonReader reader, DeclaredType type, out ulong value) => type switch
    {
        DeclaredType.Bool => ReadBool(ref reader, out value),
        DeclaredType.I64 or DeclaredType.U64 => ReadInteger(ref reader, type, 64, out value),
        DeclaredType.F32 => ReadFloat(ref reader, ValueType.F32, out value),
        DeclaredType.F64 => ReadFloat(ref reader, ValueType.F64, out value),
        _ => ReadInteger(ref reader, type, 32, out value),
    };

    /// <summary>Go takes a bool of any other bits as neither true nor false.</summary>
    private static ScalarError? ReadBool(ref Utf8JsonReader reader, out ulong value)
    {
        value = reader.TokenType == JsonTokenType.True ? 1UL : 0;

        return reader.TokenType is JsonTokenType.True or JsonTokenType.False
            ? null
            : new ScalarError("argument-type", $"A bool is true or false, not {Name(reader.TokenType)}.");
    }

    private static ScalarError? ReadInteger(ref Utf8JsonReader reader, DeclaredType type, int bits, out ulong value)
    {
        Span<byte> unescaped = stackalloc byte[MaximumEscapedBytes];
        scoped ReadOnlySpan<byte> text;
        value = 0;

        if (reader.TokenType is not (JsonTokenType.Number or JsonTokenType.String))
            return new ScalarError("argument-type", $"{Article(type)} is a number or a string of digits, not {Name(reader.TokenType)}.");

        // An escaped digit is a digit, as rare as it is. Unescaping never makes a string longer.
        if (reader.TokenType == JsonTokenType.Number || !reader.ValueIsEscaped)
            text = reader.ValueSpan;
        else if (reader.ValueSpan.Length <= MaximumEscapedBytes)
            text = unescaped[..reader.CopyString(unescaped)];
        else
            return NotAnInteger();

        var isUnsigned = type is DeclaredType.U32 or DeclaredType.U64 or DeclaredType.Pointer;
        var result = IntegerText.Read(text, bits, allowsHexadecimal: reader.TokenType == JsonTokenType.String, out value);

        if (result == IntegerText.Result.Read && isUnsigned && value != 0 && text[0] == (byte)'-')
            result = IntegerText.Result.OutOfRange;

        return result switch
        {
            IntegerText.Result.Read => null,
            IntegerText.Result.NotWhole => new ScalarError("argument-type", $"{Article(type)} takes whole numbers only."),
            IntegerText.Result.NotANumber => NotAnInteger(),
            _ => new ScalarError("argument-out-of-range", $"{Article(type)} takes {Range(isUnsigned, bits)}."),
        };
    }

    private static ScalarError NotAnInteger() => new("argument-type", "The string is not a decimal or hexadecimal (0x…) integer.");

    private static string Article(DeclaredType type) => $"{(type is DeclaredType.I32 or DeclaredType.I64 ? "An" : "A")} {type.Text()}";

    private static string Range(bool isUnsigned, int bits) => (isUnsigned, bits) switch
    {
        (true, 32) => "0 to 4294967295",
        (true, _) => "0 to 18446744073709551615",
        (false, 32) => "−2147483648 to 4294967295",
        _ => "−9223372036854775808 to 18446744073709551615",
    };

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
