using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Unicode;

namespace PluginHost.Plugins.Manifests;

/// <summary>Reads a manifest: everything in it is known, bounded and of one meaning, or it is refused.</summary>
public static class ManifestReader
{
    /// <summary>The size of the file.</summary>
    public const int MaximumBytes = 256 * 1024;

    private const int MaximumFunctions = 10_000;
    private const int MaximumParameters = 128;
    private const int MaximumNameCharacters = 1_024;
    private const int MaximumDocCharacters = 16 * 1_024;
    private const int MaximumRequires = 64;

    public static Outcome<PluginManifest> Read(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > MaximumBytes)
            return Invalid($"The manifest is larger than the limit of {MaximumBytes} bytes.");

        if (!Utf8.IsValid(utf8))
            return Invalid("The manifest is not UTF-8.");

        PluginManifest? manifest;

        try
        {
            manifest = JsonSerializer.Deserialize(utf8, ManifestJsonContext.Default.PluginManifest);
        }
        catch (JsonException exception)
        {
            return Invalid($"The manifest cannot be read: {exception.Message}");
        }

        if (manifest is null)
            return Invalid("The manifest is an object, not null.");

        return Problem(manifest) is { } problem ? Invalid(problem) : manifest;
    }

    private static PluginFailure Invalid(string detail) => new(FailureCode.InvalidManifest, detail);

    private static string? Problem(PluginManifest manifest)
    {
        if (manifest.Manifest != 1)
            return $"The manifest has version {manifest.Manifest}, and this server knows version 1.";

        if (manifest.Name.Length is 0 or > MaximumNameCharacters)
            return $"The manifest's name has 1 to {MaximumNameCharacters} characters.";

        if (manifest.Requires is { Count: > MaximumRequires } || manifest.Requires?.Any(grant => grant is null or { Length: 0 or > 128 }) == true)
            return $"\"requires\" names at most {MaximumRequires} grants, each of 1 to 128 characters.";

        var exports = manifest.Exports ?? [];
        var handlers = manifest.Handlers ?? [];

        if (exports.Count + handlers.Count > MaximumFunctions)
            return $"The manifest describes more functions than {MaximumFunctions}.";

        var names = new HashSet<string>(StringComparer.Ordinal);

        return DocProblem(manifest.Doc, "The manifest")
            ?? exports.Select(export => export is null ? "An export is an object, not null." : ExportProblem(export, names)).FirstOrDefault(problem => problem is not null)
            ?? handlers.Select(handler => handler is null ? "A handler is an object, not null." : HandlerProblem(handler, names)).FirstOrDefault(problem => problem is not null);
    }

    private static string? ExportProblem(ManifestExport export, HashSet<string> names)
    {
        if (NameProblem(export.Name, names) is { } problem)
            return problem;

        var where = $"The export '{export.Name}'";
        var parameters = export.Parameters ?? [];

        if (parameters.Count > MaximumParameters)
            return $"{where} has more parameters than {MaximumParameters}.";

        var parameterNames = new HashSet<string>(StringComparer.Ordinal);

        foreach (var parameter in parameters)
        {
            if (parameter is null || parameter.Name.Length is 0 or > 128)
                return $"{where} has a parameter without a name of 1 to 128 characters.";

            if (!parameterNames.Add(parameter.Name))
                return $"{where} has two parameters named '{parameter.Name}'.";

            if (ValueProblem(new ManifestValue(parameter.Type, parameter.ContentType, parameter.Schema), $"{where}, parameter '{parameter.Name}',") is { } wrong)
                return wrong;
        }

        return DocProblem(export.Doc, where) ?? (export.Result is { } result ? ValueProblem(result, $"{where}, result,") : null);
    }

    private static string? HandlerProblem(ManifestHandler handler, HashSet<string> names)
    {
        if (NameProblem(handler.Name, names) is { } problem)
            return problem;

        var where = $"The handler '{handler.Name}'";

        foreach (var value in (ReadOnlySpan<ManifestValue>)[handler.Input, handler.Output])
        {
            if (value.Type is not (DeclaredType.Json or DeclaredType.Bytes))
                return $"{where} takes or gives '{value.Type.Text()}': a handler's input and output are json or bytes.";

            if (ValueProblem(value, where) is { } wrong)
                return wrong;
        }

        return DocProblem(handler.Doc, where);
    }

    private static string? NameProblem(string name, HashSet<string> names)
    {
        if (name.Length is 0 or > MaximumNameCharacters)
            return $"A function's name has 1 to {MaximumNameCharacters} characters.";

        return names.Add(name) ? null : $"The manifest describes '{name}' twice.";
    }

    private static string? DocProblem(string? doc, string where) => doc?.Length > MaximumDocCharacters ? $"{where} has a doc of more than {MaximumDocCharacters} characters." : null;

    private static string? ValueProblem(ManifestValue value, string where)
    {
        if (value.ContentType is { } type && (value.Type != DeclaredType.Bytes || type.Length > 256 || type.Any(character => character is < ' ' or > '~') || !MediaTypeHeaderValue.TryParse(type, out _)))
            return $"{where} has a content type that is none, or one beside a type other than bytes.";

        if (value.Schema is not { } schema)
            return null;

        if (value.Type != DeclaredType.Json || schema.ValueKind is not (JsonValueKind.Object or JsonValueKind.True or JsonValueKind.False))
            return $"{where} has a schema that is neither an object nor a boolean, or one beside a type other than json.";

        return SchemaProblem(schema) is { } problem ? $"{where} has a schema {problem}" : null;
    }

    private static bool IsLocal(string reference) => reference == "#" || reference.StartsWith("#/", StringComparison.Ordinal);

    /// <summary>A reader of the description must not be sent elsewhere by it. As deep as the reader allows, so no stack is at risk.</summary>
    private static string? SchemaProblem(JsonElement element)
    {
        try
        {
            switch (element.ValueKind)
            {
                case JsonValueKind.Object:
                    foreach (var member in element.EnumerateObject())
                    {
                        // Of any other kind it is a property that happens to have the name.
                        if (member.Name is "$ref" or "$dynamicRef" && member.Value.ValueKind == JsonValueKind.String && !IsLocal(member.Value.GetString()!))
                            return $"with a {member.Name} that does not begin with \"#/\".";

                        if (member.Name is "$id" or "$anchor" or "$dynamicAnchor" && member.Value.ValueKind == JsonValueKind.String)
                            return $"with {member.Name}, which it cannot have here.";

                        if (SchemaProblem(member.Value) is { } problem)
                            return problem;
                    }

                    return null;
                case JsonValueKind.Array:
                    foreach (var item in element.EnumerateArray())
                    {
                        if (SchemaProblem(item) is { } problem)
                            return problem;
                    }

                    return null;
                case JsonValueKind.String:
                    return element.GetString() is null ? "" : null;
                default:
                    return null;
            }
        }
        catch (InvalidOperationException)
        {
            return "with a string that is not Unicode.";
        }
    }
}
