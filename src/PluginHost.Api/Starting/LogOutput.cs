using System.Globalization;
using System.Text.Json;
using Serilog;
using Serilog.Formatting.Json;

namespace PluginHost.Api.Starting;

/// <summary>
/// What the server writes to its standard output and error: lines for people, or with <c>PluginHost:LogFormat=json</c> lines that are each a JSON object, what is no
/// log included.
/// </summary>
internal sealed class LogOutput
{
    public const string Setting = "PluginHost:LogFormat";

    private LogOutput(bool isJson) => IsJson = isJson;

    public bool IsJson { get; }

    /// <param name="problem">Why the setting cannot be used; null where it can.</param>
    public static LogOutput Of(IConfiguration configuration, out string? problem)
    {
        var format = configuration[Setting];
        problem = format is null or "text" or "json" ? null : $"{Setting} is '{format}' and must be text or json.";
        return new LogOutput(format == "json");
    }

    public LoggerConfiguration WriteTo(LoggerConfiguration logger) => IsJson
        ? logger.WriteTo.Console(new JsonFormatter(renderMessage: true, formatProvider: CultureInfo.InvariantCulture))
        : logger.WriteTo.Console(formatProvider: CultureInfo.InvariantCulture);

    /// <summary>Says something that does not belong into logs which go elsewhere.</summary>
    /// <param name="text">For people.</param>
    /// <param name="name">What <paramref name="value"/> is, where programs read.</param>
    public Task SayAsync(TextWriter writer, string text, string level, string name, string value) => writer.WriteLineAsync(IsJson ? Line(text, level, name, value) : text);

    private static string Line(string text, string level, string name, string value)
    {
        using var buffer = new MemoryStream();

        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("Timestamp"u8, DateTimeOffset.Now);
            json.WriteString("Level"u8, level);
            json.WriteString("RenderedMessage"u8, text.Trim());
            json.WriteStartObject("Properties"u8);
            json.WriteString(name, value);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(buffer.ToArray());
    }
}
