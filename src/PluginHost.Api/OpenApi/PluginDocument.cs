using System.Globalization;
using System.Text.Json.Nodes;
using PluginHost.Api.Endpoints;
using PluginHost.Plugins;
using PluginHost.Plugins.Access;
using PluginHost.Plugins.Invocation;
using PluginHost.Plugins.Loading;
using PluginHost.Plugins.Manifests;

namespace PluginHost.Api.OpenApi;

/// <summary>Describes one version of a plugin as an API of its own: an operation for each function, typed as the manifest has it.</summary>
/// <param name="server">The server's own document, whose problems are those of plugins too.</param>
internal sealed class PluginDocument(PluginVersion version, JsonNode server)
{
    private const string Problem = "Problem";
    private const int MaximumSummary = 120;

    private readonly JsonObject _paths = [];
    private readonly PluginSchemas _schemas = new();
    private readonly HashSet<string> _operations = new(StringComparer.Ordinal);

    public JsonObject Make()
    {
        _schemas.Copy(server, Problem);

        foreach (var export in version.Metadata.Exports)
        {
            if (Signature(export) is { } signature)
                Add(export, signature);
        }

        return new JsonObject
        {
            ["openapi"] = "3.1.1",
            ["info"] = new JsonObject
            {
                ["title"] = version.Plugin,
                ["version"] = version.Ordinal.ToString(CultureInfo.InvariantCulture),
                ["description"] = (version.Metadata.Doc is { } doc ? doc + "\n\n" : "") + $"The functions of version {version.Ordinal} of the plugin {version.Plugin} ({version.Digest}). Every error is application/problem+json with a stable code.",
            },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = "/" }),
            ["security"] = new JsonArray(new JsonObject { [ApiDocument.Scheme] = new JsonArray(Scope.Invoke.Text()) }, new JsonObject()),
            ["paths"] = _paths,
            ["components"] = new JsonObject
            {
                ["schemas"] = _schemas.Made,
                ["securitySchemes"] = new JsonObject
                {
                    [ApiDocument.Scheme] = new JsonObject
                    {
                        ["type"] = "http",
                        ["scheme"] = "bearer",
                        ["description"] = ApiDocument.SchemeDescription,
                    },
                },
            },
        };
    }

    /// <summary>Null for a function that cannot be called, because it takes or gives references.</summary>
    private static ExportDeclaration? Signature(ExportDescription export)
    {
        if (export.Declared is { } declared)
            return declared;

        var types = export.Parameters.Concat(export.Results).ToList();

        if (types.Exists(type => !DeclaredTypes.TryParse(type, out _)) || export.Results.Count > 1)
            return null;

        return new ExportDeclaration(
            [.. export.Parameters.Select((type, index) => new ManifestParameter(index.ToString(CultureInfo.InvariantCulture), Parse(type)))],
            export.Results.Count == 0 ? null : new ManifestValue(Parse(export.Results[0])));
    }

    private static DeclaredType Parse(string type) => DeclaredTypes.TryParse(type, out var parsed) ? parsed : default;

    private void Add(ExportDescription export, ExportDeclaration signature)
    {
        var isBody = (signature.Parameters is [{ } parameter] && parameter.Type.IsInMemory() && (signature.Result is null || signature.Result.Type.IsInMemory()))
            || (signature.Parameters.Count == 0 && signature.Result?.Type.IsInMemory() == true);
        var id = Unique(export.Name);
        var operation = new JsonObject
        {
            ["operationId"] = id,
            ["tags"] = new JsonArray(export.Kind == ExportKind.Handler ? "Handlers" : "Exports"),
            ["summary"] = Summary(export),
        };

        if (export.Doc is { } doc)
            operation["description"] = doc;

        operation["parameters"] = Parameters();

        if (isBody)
            AddBody(operation, id, signature);
        else
            AddInvocation(operation, id, export, signature);

        _paths[$"/v1/plugins/{version.Plugin}/exports/{Uri.EscapeDataString(export.Name)}/{(isBody ? "handle" : "invoke")}"] = new JsonObject { ["post"] = operation };
    }

    private void AddBody(JsonObject operation, string id, ExportDeclaration signature)
    {
        if (signature.Parameters is [{ } parameter])
        {
            var schema = _schemas.Of(id + "Input", parameter.Type, parameter.Schema, inJson: false);
            operation["requestBody"] = new JsonObject
            {
                ["required"] = true,
                ["content"] = new JsonObject { [HandleEndpoint.ContentType(new CallResult(parameter.Type, parameter.ContentType))] = Media(schema, _schemas.Example(parameter.Type, schema, inJson: false)) },
            };
        }

        operation["responses"] = Responses(signature.Result is { } result
            ? new JsonObject { [HandleEndpoint.ContentType(new CallResult(result.Type, result.ContentType))] = Media(_schemas.Of(id + "Output", result.Type, result.Schema, inJson: false), null) }
            : null);
    }

    private void AddInvocation(JsonObject operation, string id, ExportDescription export, ExportDeclaration signature)
    {
        var schemas = signature.Parameters.Select(parameter => _schemas.Of(id + Capital(parameter.Name), parameter.Type, parameter.Schema, inJson: true)).ToList();
        var examples = signature.Parameters.Select((parameter, index) => _schemas.Example(parameter.Type, schemas[index], inJson: true)).ToList();
        JsonObject arguments;
        JsonNode example;

        if (export.Declared is null)
        {
            arguments = new JsonObject
            {
                ["type"] = "array",
                ["minItems"] = schemas.Count,
                ["maxItems"] = schemas.Count,
                ["description"] = $"The arguments in their order: {string.Join(", ", export.Parameters)}.",
                ["items"] = schemas.DistinctBy(schema => schema.ToJsonString(), StringComparer.Ordinal).ToList() is [{ } only] ? only.DeepClone() : new JsonObject(),
            };

            if (schemas.Count > 0)
                arguments["prefixItems"] = new JsonArray([.. schemas]);

            example = new JsonArray([.. examples]);
        }
        else
        {
            arguments = new JsonObject
            {
                ["type"] = "object",
                ["additionalProperties"] = false,
                ["required"] = new JsonArray([.. signature.Parameters.Select(parameter => (JsonNode)parameter.Name)]),
                ["properties"] = new JsonObject(signature.Parameters.Select((parameter, index) => KeyValuePair.Create(parameter.Name, (JsonNode?)schemas[index]))),
            };
            example = new JsonObject(signature.Parameters.Select((parameter, index) => KeyValuePair.Create(parameter.Name, examples[index])));
        }

        var request = _schemas.Add(id + "Request", Object("args", arguments));
        operation["requestBody"] = new JsonObject
        {
            ["required"] = true,
            ["content"] = new JsonObject { ["application/json"] = Media(request, new JsonObject { ["args"] = example }) },
        };

        var results = new JsonObject { ["type"] = "array", ["minItems"] = signature.Result is null ? 0 : 1, ["maxItems"] = signature.Result is null ? 0 : 1 };
        results["items"] = signature.Result is { } result ? _schemas.Of(id + "Result", result.Type, result.Schema, inJson: true) : new JsonObject();

        operation["responses"] = Responses(new JsonObject { ["application/json"] = Media(_schemas.Add(id + "Response", Object("results", results)), null) });
    }

    private static JsonObject Object(string member, JsonObject schema) =>
        new() { ["type"] = "object", ["required"] = new JsonArray(member), ["properties"] = new JsonObject { [member] = schema } };

    private static JsonObject Media(JsonNode schema, JsonNode? example)
    {
        var media = new JsonObject { ["schema"] = schema };

        if (example is not null)
            media["example"] = example;

        return media;
    }

    private static JsonObject Responses(JsonObject? content)
    {
        var success = new JsonObject { ["description"] = content is null ? "The function gives nothing." : "What the function gives." };

        success["headers"] = new JsonObject
        {
            ["PluginHost-Version"] = new JsonObject { ["description"] = "The version that answered.", ["schema"] = new JsonObject { ["type"] = "string" } },
        };

        if (content is not null)
            success["content"] = content;

        return new JsonObject
        {
            [content is null ? "204" : "200"] = success,
            ["default"] = new JsonObject
            {
                ["description"] = "A problem; of the code plugin-error, with status 422, where the plugin itself reports one.",
                ["content"] = new JsonObject { ["application/problem+json"] = Media(new JsonObject { ["$ref"] = $"#/components/schemas/{Problem}" }, null) },
            },
        };
    }

    private static JsonArray Parameters() => new(
        new JsonObject
        {
            ["name"] = "version",
            ["in"] = "query",
            ["description"] = "A version by ordinal, digest or alias; live without it.",
            ["schema"] = new JsonObject { ["type"] = "string" },
        },
        new JsonObject
        {
            ["name"] = "PluginHost-Deadline-Ms",
            ["in"] = "header",
            ["description"] = "How long the invocation may take; never longer than the plugin's own limit.",
            ["schema"] = new JsonObject { ["type"] = "integer", ["format"] = "int32", ["minimum"] = 1 },
        });

    private static string Summary(ExportDescription export)
    {
        var text = export.Doc?.Split('\n', 2)[0].Trim();

        if (string.IsNullOrEmpty(text))
            return $"Calls {export.Name}.";

        return text.Length <= MaximumSummary ? text : string.Concat(text.AsSpan(0, MaximumSummary), "…");
    }

    private static string Capital(string name) => name.Length == 0 ? name : char.ToUpperInvariant(name[0]) + name[1..];

    private string Unique(string name)
    {
        var id = string.Concat(name.Select(character => char.IsAsciiLetterOrDigit(character) || character is '_' ? character : '_'));
        var unique = id;

        for (var number = 2; !_operations.Add(unique); number++)
            unique = string.Create(CultureInfo.InvariantCulture, $"{id}{number}");

        return unique;
    }
}
