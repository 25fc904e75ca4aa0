using System.Text.Json;
using System.Text.Unicode;
using PluginHost.Plugins.Manifests;

namespace PluginHost.Plugins.Invocation;

/// <summary>Looks at what a guest gave: whether it is of its declared kind, and what an error says.</summary>
internal static class ResultBytes
{
    private const int MaximumCodeCharacters = 64;

    /// <summary>Why the bytes are not of the type, or null.</summary>
    public static PluginFailure? Refusal(DeclaredType type, ReadOnlySpan<byte> bytes)
    {
        if (type == DeclaredType.String && !Utf8.IsValid(bytes))
            return Invalid("The plugin's result is declared as text, and it is not UTF-8.");

        return type == DeclaredType.Json && JsonText.Problem(bytes) is { } problem ? Invalid($"The plugin's result is declared as JSON, and it is none: {problem}") : null;
    }

    /// <summary>An error of the guest's own: <c>{"message":"…","code":"…","details":…}</c>, of which the message must be there.</summary>
    public static PluginFailure Error(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var reader = new Utf8JsonReader(bytes);
            using var document = JsonDocument.ParseValue(ref reader);
            var root = document.RootElement;

            if (reader.Read() || root.ValueKind != JsonValueKind.Object
                || !root.TryGetProperty("message"u8, out var message) || message.ValueKind != JsonValueKind.String)
            {
                return NoError("it is not an object with a text named \"message\".");
            }

            string? code = null;

            if (root.TryGetProperty("code"u8, out var named) && named.ValueKind != JsonValueKind.Null)
            {
                code = named.ValueKind == JsonValueKind.String ? named.GetString() : "";

                if (!IsCode(code!))
                    return NoError($"its code is not 1 to {MaximumCodeCharacters} lower-case letters, digits and '-'.");
            }

            return new PluginFailure(FailureCode.PluginError, message.GetString()!)
            {
                PluginCode = code,
                PluginDetails = root.TryGetProperty("details"u8, out var details) ? Details(details) : null,
                Instance = InstanceFate.Kept,
            };
        }
        catch (JsonException exception)
        {
            return NoError(exception.Message);
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            return NoError("a text in it is not Unicode.");
        }
    }

    // Written and read again, so that no text in it can fail while the answer is on its way.
    private static JsonElement Details(JsonElement details) => JsonDocument.Parse(JsonSerializer.SerializeToUtf8Bytes(details, PluginsJsonContext.Default.JsonElement)).RootElement;

    private static bool IsCode(string code) =>
        code.Length is > 0 and <= MaximumCodeCharacters && code.All(character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character == '-');

    private static PluginFailure NoError(string problem) => Invalid($"The plugin reports an error that cannot be read: {problem}");

    private static PluginFailure Invalid(string detail) => new(FailureCode.InvalidResult, detail) { Instance = InstanceFate.Kept };
}
