using System.Globalization;
using PluginHost.Cli.CommandLine;

namespace PluginHost.Cli.Arguments;

/// <summary>A time to come: how long until then, or a date.</summary>
internal static class TimeArgument
{
    private const int MaximumDays = 36_500;

    /// <param name="text"><c>90m</c>, <c>12h</c>, <c>30d</c>, or a date with or without a time.</param>
    /// <exception cref="ToolException">It is none of these.</exception>
    public static DateTimeOffset Parse(string text, DateTimeOffset now)
    {
        if (text.Length > 1 && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            TimeSpan? span = text[^1] switch
            {
                'm' => TimeSpan.FromMinutes(count),
                'h' => TimeSpan.FromHours(count),
                'd' when count <= MaximumDays => TimeSpan.FromDays(count),
                _ => null,
            };

            if (span is { TotalDays: <= MaximumDays } until)
                return now + until;
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var time)
            ? time
            : throw ToolException.Usage($"'{text}' is no time: say 12h, 30d, or 2030-01-31.");
    }
}
