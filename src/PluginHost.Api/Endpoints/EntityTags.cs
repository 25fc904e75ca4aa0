using System.Globalization;
using Microsoft.Net.Http.Headers;
using PluginHost.Plugins;

namespace PluginHost.Api.Endpoints;

/// <summary>The tags of plugins, and the conditions of requests that name them (RFC 9110, 13).</summary>
internal static class EntityTags
{
    /// <summary>A plugin's tag. A revision alone would come again when a plugin of the same name is created anew.</summary>
    public static string Of(Plugin plugin) => string.Create(CultureInfo.InvariantCulture, $"\"{plugin.Revision}-{plugin.CreatedAt.ToUnixTimeMilliseconds():x}\"");

    /// <summary>The condition that a request puts on the plugin, or on its absence; null without one.</summary>
    public static Predicate<Plugin?>? Condition(string? ifMatch, string? ifNoneMatch)
    {
        if (string.IsNullOrEmpty(ifMatch) && string.IsNullOrEmpty(ifNoneMatch))
            return null;

        return plugin => (string.IsNullOrEmpty(ifMatch) || Names(ifMatch, plugin, isStrong: true))
            && (string.IsNullOrEmpty(ifNoneMatch) || !Names(ifNoneMatch, plugin, isStrong: false));
    }

    private static bool Names(string header, Plugin? plugin, bool isStrong)
    {
        if (plugin is null || !EntityTagHeaderValue.TryParseList([header], out var tags))
            return false;

        var own = new EntityTagHeaderValue(Of(plugin));
        return tags.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || tag.Compare(own, isStrong));
    }
}
