using System.Diagnostics;

namespace PluginHost.Plugins.HostFunctions.Http;

/// <summary>A request as the guest made it, copied and checked.</summary>
internal sealed record GuestRequest(string Method, Uri Url, IReadOnlyList<KeyValuePair<string, string>> Headers, ReadOnlyMemory<byte> Body)
{
    private const string TraceParent = "traceparent";
    private const string TraceState = "tracestate";

    /// <summary>What goes along to another host: nothing that could be a credential.</summary>
    private static readonly HashSet<string> Carried = new(StringComparer.OrdinalIgnoreCase)
    {
        "Accept", "Accept-Charset", "Accept-Encoding", "Accept-Language", "Cache-Control", "Content-Language", "Content-Type", "Range", "User-Agent",
    };

    /// <summary>Whether the request may be sent twice (RFC 9110, 9.2.2).</summary>
    public bool IsIdempotent => Method is "GET" or "HEAD" or "OPTIONS" or "PUT" or "DELETE";

    /// <summary>The message, anew for each time that it is sent.</summary>
    public HttpRequestMessage Message()
    {
        var message = new HttpRequestMessage(new HttpMethod(Method), Url);

        if (Body.Length > 0 || Method is "POST" or "PUT" or "PATCH")
            message.Content = new ReadOnlyMemoryContent(Body);

        foreach (var (name, value) in Headers)
        {
            // A header of the body's without a body is of no use.
            if (!message.Headers.TryAddWithoutValidation(name, value))
                message.Content?.Headers.TryAddWithoutValidation(name, value);
        }

        // The invocation's trace goes along, unless the plugin has begun one of its own.
        if (Activity.Current is { IdFormat: ActivityIdFormat.W3C, Id: { } trace } activity && !message.Headers.Contains(TraceParent))
        {
            message.Headers.TryAddWithoutValidation(TraceParent, trace);

            if (!string.IsNullOrEmpty(activity.TraceStateString))
                message.Headers.TryAddWithoutValidation(TraceState, activity.TraceStateString);
        }

        return message;
    }

    /// <summary>The request that a redirect asks for (RFC 9110, 15.4).</summary>
    public GuestRequest Redirected(int status, Uri location)
    {
        var becomesGet = (status is 303 && Method is not "HEAD") || (status is 301 or 302 && Method is "POST");
        var isElsewhere = Uri.Compare(Url, location, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) != 0;

        return new GuestRequest(
            becomesGet ? "GET" : Method,
            location,
            [.. Headers.Where(header => (!isElsewhere || Carried.Contains(header.Key)) && (!becomesGet || !header.Key.StartsWith("Content-", StringComparison.OrdinalIgnoreCase)))],
            becomesGet ? ReadOnlyMemory<byte>.Empty : Body);
    }
}
