using System.Text.Json;
using System.Text.Unicode;

namespace PluginHost.Plugins.Invocation;

/// <summary>Looks whether bytes are JSON before somebody relies on it.</summary>
public static class JsonText
{
    /// <summary>How deep arrays and objects may be nested.</summary>
    public const int MaximumDepth = 512;

    /// <summary>Why the bytes are not one JSON value in UTF-8, or null.</summary>
    public static string? Problem(ReadOnlySpan<byte> utf8)
    {
        if (!Utf8.IsValid(utf8))
            return "It is not UTF-8.";

        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaximumDepth });

        try
        {
            while (reader.Read())
            {
            }

            return null;
        }
        catch (JsonException exception)
        {
            return exception.Message;
        }
    }
}
