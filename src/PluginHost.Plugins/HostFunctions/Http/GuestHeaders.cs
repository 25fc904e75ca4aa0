using System.Buffers;
using System.Text.Json;

namespace PluginHost.Plugins.HostFunctions.Http;

/// <summary>Reads a guest's headers. Those that say how the message itself is sent are the host's: a guest that could set them could smuggle a second message.</summary>
internal static class GuestHeaders
{
    public const int MaximumBytes = 32 * 1024;

    private const int MaximumCount = 100;
    private const int MaximumDepth = 2;

    private static readonly HashSet<string> Hosts = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Content-Length", "Expect", "Host", "HTTP2-Settings", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization", "Proxy-Connection", "TE", "Trailer",
        "Transfer-Encoding", "Upgrade",
    };

    private static readonly SearchValues<char> Token = SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    private static readonly SearchValues<char> Visible = SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code), '\t']);

    /// <param name="json"><c>{"name":["value",…],…}</c>, or nothing.</param>
    /// <returns>What is wrong, or null.</returns>
    public static string? Read(ReadOnlySpan<byte> json, List<KeyValuePair<string, string>> headers)
    {
        if (json.IsEmpty)
            return null;

        if (json.Length > MaximumBytes)
            return $"The headers have more than {MaximumBytes} bytes.";

        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaximumDepth });

            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return "The headers are no JSON object.";

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = reader.GetString()!;

                if (name.Length == 0 || name.AsSpan().ContainsAnyExcept(Token))
                    return "A header's name is no token.";

                if (Hosts.Contains(name))
                    return $"The header {name} is the host's to set.";

                if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
                    return $"The header {name} is no array of strings.";

                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    if (reader.TokenType != JsonTokenType.String)
                        return $"The header {name} is no array of strings.";

                    var value = reader.GetString()!;

                    // Visible ASCII, spaces and tabs: what else there is could end the line somewhere on the way.
                    if (value.AsSpan().ContainsAnyExcept(Visible))
                        return $"The header {name} has a value with characters that cannot pass.";

                    if (headers.Count == MaximumCount)
                        return $"There are more than {MaximumCount} headers.";

                    headers.Add(KeyValuePair.Create(name, value));
                }
            }

            return reader.Read() ? "Something stands behind the headers." : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return "The headers are no JSON object of arrays.";
        }
    }
}
