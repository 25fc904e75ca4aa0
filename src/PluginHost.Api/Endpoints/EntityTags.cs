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
    public static Predicate<Plugin?>? Condition(string? ifMatch, string? ifNoneMatch) => Condition<Plugin>(ifMatch, ifNoneMatch, Of);

    /// <summary>The condition that a request puts on a resource, or on its absence; null without one.</summary>
    /// <param name="tag">The resource's tag.</param>
    public static Predicate<T?>? Condition<T>(string? ifMatch, string? ifNoneMatch, Func<T, string> tag)
        where T : class
    {
        if (string.IsNullOrEmpty(ifMatch) && string.IsNullOrEmpty(ifNoneMatch))
            return null;

        return resource => (string.IsNullOrEmpty(ifMatch) || Names(ifMatch, resource, tag, isStrong: true))
            && (string.IsNullOrEmpty(ifNoneMatch) || !Names(ifNoneMatch, resource, tag, isStrong: false));
    }

    /// <summary>Whether the client of a request has what is tagged so already (If-None-Match); the answer names the tag either way.</summary>
    public static bool IsKnown(HttpContext context, string tag)
    {
        context.Response.Headers.ETag = tag;

        return context.Request.Headers.IfNoneMatch.Count > 0
            && EntityTagHeaderValue.TryParseList(context.Request.Headers.IfNoneMatch, out var known)
            && known.Any(one => one.Equals(EntityTagHeaderValue.Any) || one.Compare(new EntityTagHeaderValue(tag), useStrongComparison: false));
    }

    private static bool Names<T>(string header, T? resource, Func<T, string> tag, bool isStrong)
        where T : class
    {
        if (resource is null || !EntityTagHeaderValue.TryParseList([header], out var tags))
            return false;

        var own = new EntityTagHeaderValue(tag(resource));
        return tags.Any(one => one.Equals(EntityTagHeaderValue.Any) || one.Compare(own, isStrong));
    }
}
