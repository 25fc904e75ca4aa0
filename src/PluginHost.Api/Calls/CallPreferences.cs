using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace PluginHost.Api.Calls;

/// <summary>What a caller would like of the way in which a request is answered (RFC 7240). What is not known, or not well formed, is passed over, as it must be.</summary>
/// <param name="RespondAsync">The caller does not want to wait for the result.</param>
/// <param name="Wait">But that long it would; null where nothing is said.</param>
internal readonly record struct CallPreferences(bool RespondAsync, TimeSpan? Wait)
{
    /// <summary>The longest that a request waits.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    public static CallPreferences Of(HttpRequest request)
    {
        var preferences = default(CallPreferences);

        if (!request.Headers.TryGetValue(CallHeaders.Prefer, out var values))
            return preferences;

        foreach (var segment in new StringTokenizer(values.ToString(), [',']))
        {
            // A preference may have parameters, none of which these two know.
            var preference = segment.Split([';']).First().Trim();

            if (preference.Equals("respond-async", StringComparison.OrdinalIgnoreCase))
                preferences = preferences with { RespondAsync = true };
            else if (preferences.Wait is null && preference.StartsWith("wait", StringComparison.OrdinalIgnoreCase) && Seconds(preference.Subsegment("wait".Length).Trim()) is { } wait)
                preferences = preferences with { Wait = wait };
        }

        return preferences;
    }

    private static TimeSpan? Seconds(StringSegment value) =>
        value.StartsWith("=", StringComparison.Ordinal) && uint.TryParse(value.Subsegment(1).Trim().AsSpan(), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? seconds < Longest.TotalSeconds ? TimeSpan.FromSeconds(seconds) : Longest
            : null;
}
