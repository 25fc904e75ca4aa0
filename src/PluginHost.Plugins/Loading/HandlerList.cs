using System.Text.Json;
using System.Text.Json.Serialization;
using PluginHost.Plugins.Manifests;

namespace PluginHost.Plugins.Loading;

/// <summary>The functions that a plugin has registered with the SDK, as it lists them itself.</summary>
internal static partial class HandlerList
{
    /// <summary>What the one argument of a handler is called.</summary>
    public const string Parameter = "input";

    /// <summary>The size of the list.</summary>
    public const int MaximumBytes = 64 * 1024;

    private const int MaximumHandlers = 256;
    private const int MaximumNameCharacters = 128;

    /// <param name="exports">The module's exports, whose names handlers cannot have.</param>
    /// <returns>In the order of registration, which is how they are called.</returns>
    public static Outcome<IReadOnlyList<ExportDescription>> Read(ReadOnlySpan<byte> utf8, IEnumerable<ExportDescription> exports)
    {
        Entry[]? entries;

        try
        {
            entries = JsonSerializer.Deserialize(utf8, HandlerJsonContext.Default.EntryArray);
        }
        catch (JsonException exception)
        {
            return Invalid($"The list cannot be read: {exception.Message}");
        }

        if (entries is null or { Length: > MaximumHandlers })
            return Invalid($"The list is an array of at most {MaximumHandlers} handlers.");

        var names = exports.Select(export => export.Name).ToHashSet(StringComparer.Ordinal);
        var handlers = new List<ExportDescription>(entries.Length);

        foreach (var entry in entries)
        {
            if (entry is null || !IsName(entry.Name))
                return Invalid($"A handler's name has 1 to {MaximumNameCharacters} letters, digits, '_', '-' and '.', and does not begin with '{ReservedExports.Prefix}'.");

            if (entry.Input is not (DeclaredType.Json or DeclaredType.Bytes) || entry.Output is not (DeclaredType.Json or DeclaredType.Bytes))
                return Invalid($"The handler '{entry.Name}' takes or gives something other than json and bytes.");

            if (!names.Add(entry.Name))
                return Invalid($"Two functions are named '{entry.Name}': handlers and exports share their names.");

            handlers.Add(new ExportDescription(
                entry.Name,
                ["i32", "i32"],
                ["i64"],
                ExportKind.Handler,
                Declared: new ExportDeclaration([new ManifestParameter(Parameter, entry.Input)], new ManifestValue(entry.Output))));
        }

        return new Outcome<IReadOnlyList<ExportDescription>>(handlers, null);
    }

    public static PluginFailure Invalid(string detail) => new(FailureCode.InvalidHandlers, $"The module's list of handlers ({ReservedExports.Handlers}) is wrong. {detail}");

    private static bool IsName(string name) =>
        name.Length is > 0 and <= MaximumNameCharacters
        && name.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '-' or '.')
        && name.Any(character => character != '.')
        && !ReservedExports.IsReserved(name);

    internal sealed record Entry(string Name, DeclaredType Input, DeclaredType Output);

    [JsonSourceGenerationOptions(
        PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true)]
    [JsonSerializable(typeof(Entry[]))]
    private sealed partial class HandlerJsonContext : JsonSerializerContext;
}
