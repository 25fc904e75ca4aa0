using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using PluginHost.Api.Calls;

namespace PluginHost.Api.OpenApi;

/// <summary>Says of an operation what its handler's signature does not tell.</summary>
internal static class OperationDocumentation
{
    public static RouteHandlerBuilder WithRequestExample(this RouteHandlerBuilder builder, string json) => builder.AddOpenApiOperationTransformer((operation, _, _) =>
    {
        if (operation.RequestBody?.Content?.TryGetValue("application/json", out var media) == true)
            media.Example = JsonNode.Parse(json);

        return Task.CompletedTask;
    });

    public static RouteHandlerBuilder WithHeaderExample(this RouteHandlerBuilder builder, string header, string value) => builder.AddOpenApiOperationTransformer((operation, _, _) =>
    {
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
        {
            if (parameter.In == ParameterLocation.Header && parameter.Name == header)
                parameter.Example = value;
        }

        return Task.CompletedTask;
    });

    public static RouteHandlerBuilder WithResponseExample(this RouteHandlerBuilder builder, string json) => builder.AddOpenApiOperationTransformer((operation, _, _) =>
    {
        if (operation.Responses?["200"].Content?.TryGetValue("application/json", out var media) == true)
            media.Example = JsonNode.Parse(json);

        return Task.CompletedTask;
    });

    /// <summary>What an invocation and a batch read from the query and the headers.</summary>
    public static RouteHandlerBuilder WithInvocationParameters(this RouteHandlerBuilder builder) => builder.AddOpenApiOperationTransformer((operation, _, _) =>
    {
        operation.Parameters ??= [];
        operation.Parameters.Add(Version());
        operation.Parameters.Add(Parameter("int64", ParameterLocation.Query, OneOf("string", "number"), "How an i64 is given back: as a decimal string, or as a number with all its digits."));
        operation.Parameters.Add(Parameter("float", ParameterLocation.Query, OneOf("number", "bits"), "How a float is given back: as the shortest number that reads back the same, or by its bits."));
        operation.Parameters.Add(Deadline());
        operation.Parameters.Add(Affinity());
        operation.Parameters.Add(IdempotencyKey());
        operation.Parameters.Add(Prefer());
        return Task.CompletedTask;
    });

    /// <summary>What a call with whole bodies reads from the query and the headers.</summary>
    public static RouteHandlerBuilder WithHandleParameters(this RouteHandlerBuilder builder) => builder.AddOpenApiOperationTransformer((operation, _, _) =>
    {
        operation.Parameters ??= [];
        operation.Parameters.Add(Version());
        operation.Parameters.Add(Deadline());
        operation.Parameters.Add(Affinity());
        operation.Parameters.Add(IdempotencyKey());
        operation.Parameters.Add(Prefer());
        return Task.CompletedTask;
    });

    /// <summary>Whatever the content type, the body is taken as it is: said here, where it does not keep others out.</summary>
    public static RouteHandlerBuilder WithBinaryBody(this RouteHandlerBuilder builder, params string[] contentTypes) => builder.AddOpenApiOperationTransformer((operation, _, _) =>
    {
        operation.RequestBody = new OpenApiRequestBody
        {
            Content = contentTypes.ToDictionary(type => type, type => new OpenApiMediaType { Schema = type == "text/plain" ? new OpenApiSchema { Type = JsonSchemaType.String } : Binary() }, StringComparer.Ordinal),
        };
        return Task.CompletedTask;
    });

    /// <summary>A form's file has a name; the raw bodies are the module itself.</summary>
    public static RouteHandlerBuilder WithModuleBody(this RouteHandlerBuilder builder) => builder.AddOpenApiOperationTransformer((operation, _, _) =>
    {
        foreach (var (type, media) in operation.RequestBody?.Content ?? new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal))
        {
            media.Schema = type == "multipart/form-data" ? Form() : Binary();
        }

        return Task.CompletedTask;
    });

    /// <summary>One more content type that the operation answers with.</summary>
    public static RouteHandlerBuilder WithContent(this RouteHandlerBuilder builder, string status, string contentType, bool isBinary) => builder.AddOpenApiOperationTransformer((operation, _, _) =>
    {
        if (operation.Responses?.TryGetValue(status, out var found) == true && found is OpenApiResponse response)
        {
            response.Content ??= new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal);
            response.Content[contentType] = new OpenApiMediaType { Schema = isBinary ? Binary() : new OpenApiSchema { Type = JsonSchemaType.String } };
        }

        return Task.CompletedTask;
    });

    /// <summary>Takes lines and answers with lines.</summary>
    public static RouteHandlerBuilder WithLines(this RouteHandlerBuilder builder, string contentType) => builder.WithContent("200", contentType, isBinary: false).AddOpenApiOperationTransformer((operation, _, _) =>
    {
        operation.RequestBody!.Content![contentType] = new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String } };
        return Task.CompletedTask;
    });

    /// <summary>Answers with a JSON object that is described elsewhere.</summary>
    public static RouteHandlerBuilder WithObject(this RouteHandlerBuilder builder, string status) => builder.AddOpenApiOperationTransformer((operation, _, _) =>
    {
        if (operation.Responses?.TryGetValue(status, out var found) == true && found is OpenApiResponse response)
            response.Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal) { ["application/json"] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.Object } } };

        return Task.CompletedTask;
    });

    /// <summary>What the caller would like of the answer (RFC 7240).</summary>
    public static RouteHandlerBuilder WithPreference(this RouteHandlerBuilder builder, string example) => builder.AddOpenApiOperationTransformer((operation, _, _) =>
    {
        operation.Parameters ??= [];
        var prefer = Prefer();
        prefer.Example = example;
        operation.Parameters.Add(prefer);
        return Task.CompletedTask;
    });

    private static OpenApiParameter Version() =>
        Parameter("version", ParameterLocation.Query, new OpenApiSchema { Type = JsonSchemaType.String }, "A version by ordinal, digest or alias; live without it.");

    private static OpenApiParameter Affinity() => Parameter(
        CallHeaders.Affinity, ParameterLocation.Header, new OpenApiSchema { Type = JsonSchemaType.String }, "Calls with the same text take the same of an alias's versions, as long as the weights allow; without it each call is decided by itself.");

    private static OpenApiParameter IdempotencyKey() => Parameter(
        CallHeaders.IdempotencyKey,
        ParameterLocation.Header,
        new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = 255 },
        "The caller's own name for the request, which may then be sent again: the answer that it had is given again, for a day. It also says that the guest may run a second time, in another instance, where one has failed.");

    private static OpenApiParameter Prefer() => Parameter(
        CallHeaders.Prefer,
        ParameterLocation.Header,
        new OpenApiSchema { Type = JsonSchemaType.String },
        "respond-async has a call made later and answers 202 with the address of its operation; wait=SECONDS waits that long for its end, at most 60 (RFC 7240).");

    private static OpenApiParameter Deadline() => Parameter(
        CallHeaders.Deadline, ParameterLocation.Header, new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = "1" }, "How long an invocation or a whole batch may take; never longer than the plugin's own limit.");

    private static OpenApiParameter Parameter(string name, ParameterLocation location, OpenApiSchema schema, string description) =>
        new() { Name = name, In = location, Schema = schema, Description = description };

    private static OpenApiSchema OneOf(params string[] values) => new() { Type = JsonSchemaType.String, Enum = [.. values.Select(value => (JsonNode)value)] };

    private static OpenApiSchema Binary() => new() { Type = JsonSchemaType.String, Format = "binary" };

    private static OpenApiSchema Form() => new()
    {
        Type = JsonSchemaType.Object,
        Properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal) { ["file"] = Binary(), ["manifest"] = new OpenApiSchema { Type = JsonSchemaType.String }, ["signature"] = new OpenApiSchema { Type = JsonSchemaType.String } },
        Required = new HashSet<string>(StringComparer.Ordinal) { "file" },
    };
}
