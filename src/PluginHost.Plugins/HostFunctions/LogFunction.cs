using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace PluginHost.Plugins.HostFunctions;

/// <summary>
/// Structured lines in the plugin's log. A line is bounded, and so is what one invocation writes; what is beyond is counted and dropped, as with stdout, and
/// the guest never hears of it.
/// </summary>
internal sealed class LogFunction(TimeProvider clock)
{
    public const int MaximumBytes = 16 * 1024;

    private const string Stream = "log";
    private const int MaximumDepth = 32;

    // Lines go out as JSON and never into a page, in a stream of events whose frames end with a line: control characters stay escaped.
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <param name="level">As log/slog's: −4 debug, 0 info, 4 warn, 8 error.</param>
    /// <param name="attributes">A JSON object, or nothing. Anything else is kept as a text under the name <c>!BADATTRS</c>.</param>
    public void Write(HostCaller caller, int level, ReadOnlySpan<byte> message, ReadOnlySpan<byte> attributes)
    {
        var bytes = Math.Min(message.Length, MaximumBytes) + Math.Min(attributes.Length, MaximumBytes);

        if (caller.LoggedBytes + bytes > caller.Settings.OutputBytes)
        {
            caller.Entry.Log.CountDropped((long)message.Length + attributes.Length);
            return;
        }

        // An empty line takes room too.
        caller.LoggedBytes += Math.Max(bytes, 16);

        caller.Entry.Log.Add(clock.GetUtcNow(), Stream, caller.Invocation, caller.Version, caller.Instance, Cut(message, MaximumBytes), Level(level), Normalize(attributes));
    }

    /// <summary>A level in the words of log/slog: its name, and what it is above it.</summary>
    public static string Level(int level)
    {
        var (name, origin) = level switch
        {
            < 0 => ("DEBUG", -4),
            < 4 => ("INFO", 0),
            < 8 => ("WARN", 4),
            _ => ("ERROR", 8),
        };

        return level == origin ? name : FormattableString.Invariant($"{name}{(long)level - origin:+0;-0}");
    }

    private static string Cut(ReadOnlySpan<byte> text, int maximum) => text.Length <= maximum
        ? Encoding.UTF8.GetString(text)
        : Encoding.UTF8.GetString(text[..Boundary(text, maximum)]) + "…";

    /// <summary>Where a text can be cut at most so far without cutting a character.</summary>
    private static int Boundary(ReadOnlySpan<byte> text, int maximum)
    {
        var end = maximum;

        while (end > maximum - 3 && (text[end] & 0xC0) == 0x80)
            end--;

        return end;
    }

    /// <summary>The attributes as one line of JSON.</summary>
    private static string? Normalize(ReadOnlySpan<byte> attributes)
    {
        if (attributes.IsEmpty)
            return null;

        if (attributes.Length <= MaximumBytes && Utf8.IsValid(attributes))
        {
            try
            {
                var reader = new Utf8JsonReader(attributes, new JsonReaderOptions { MaxDepth = MaximumDepth });
                using var document = JsonDocument.ParseValue(ref reader);

                if (document.RootElement.ValueKind == JsonValueKind.Object && reader.BytesConsumed == attributes.TrimEnd(" \t\r\n"u8).Length)
                    return Written(writer => document.RootElement.WriteTo(writer));
            }
            catch (Exception exception) when (exception is JsonException or InvalidOperationException)
            {
                // No JSON, or a string of half a character.
            }
        }

        var text = Cut(attributes, 256);
        return Written(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("!BADATTRS"u8, text);
            writer.WriteEndObject();
        });
    }

    private static string Written(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, WriterOptions);
        write(writer);
        writer.Flush();
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
