using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using PluginHost.Api.Security;
using PluginHost.Plugins.Access;
using PluginHost.Plugins.Telemetry;

namespace PluginHost.Api.OpenApi;

/// <summary>What the document says of the API as a whole. What it says of one operation stands where the operation is mapped.</summary>
internal static class ApiDocument
{
    /// <summary>What the documents say of keys.</summary>
    public const string SchemeDescription = "A key of the server's, with the scope that the operation names: admin includes all, deploy includes read. A server on this machine may go without keys.";

    public const string Scheme = "key";

    private const string OidcScheme = "oidc";

    /// <summary>The values of path parameters with which every operation can be tried once the sample <c>calc</c> is uploaded.</summary>
    private static readonly Dictionary<string, string> Examples = new(StringComparer.Ordinal) { ["plugin"] = "calc", ["export"] = "add", ["version"] = "1", ["alias"] = "live", ["key"] = "k7v2m9q4x1tz", ["operation"] = "abcdefghjkmnpqrstuvw" };

    public static void Configure(OpenApiOptions options)
    {
        options.AddDocumentTransformer((document, context, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "PluginHost",
                Version = "v1",
                Description = "Runs plugins written in Go and answers typed calls to them. Every error is application/problem+json with a stable code.",
            };
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal);
            document.Components.SecuritySchemes[Scheme] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = SchemeDescription,
            };

            if (context.ApplicationServices.GetRequiredService<OidcSettings>() is { IsEnabled: true } oidc)
            {
                document.Components.SecuritySchemes[OidcScheme] = new OpenApiSecurityScheme
                {
                    Type = SecuritySchemeType.OpenIdConnect,
                    OpenIdConnectUrl = new Uri(oidc.Metadata),
                    Description = "A token of the issuer that the server trusts.",
                };
            }


            return Task.CompletedTask;
        });

        options.AddOperationTransformer((operation, context, _) =>
        {
            var required = context.Description.ActionDescriptor.EndpointMetadata.OfType<RequiredScope>().LastOrDefault();

            // The empty one: a server on this machine may go without a key.
            operation.Security = required is null ? [] : [Requirement(Scheme), []];

            if (required is not null && context.ApplicationServices.GetRequiredService<OidcSettings>().IsEnabled)
                operation.Security.Insert(1, Requirement(OidcScheme));

            OpenApiSecurityRequirement Requirement(string scheme) => new() { [new OpenApiSecuritySchemeReference(scheme, context.Document)] = [required!.Scope.Text()] };

            foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
            {
                if (parameter.In == ParameterLocation.Path && Examples.TryGetValue(parameter.Name ?? "", out var example))
                    parameter.Example = example;
            }

            return Task.CompletedTask;
        });

        // A scalar of JSON has no type of its own in C#: without this its schema would allow anything and say nothing.
        options.AddSchemaTransformer((schema, context, _) =>
        {
            if (context.JsonTypeInfo.Type == typeof(Contracts.InvokeRequest))
                schema.Properties!["args"] = ScalarSchemas.Arguments();
            else if (context.JsonTypeInfo.Type == typeof(Contracts.BatchRequest))
                schema.Properties!["calls"] = ScalarSchemas.Calls();
            else if (context.JsonTypeInfo.Type == typeof(Contracts.InvokeResponse))
                schema.Properties!["results"] = ScalarSchemas.Results();
            else if (context.JsonTypeInfo.Type == typeof(Contracts.BatchResponse))
                schema.Properties!["results"] = ScalarSchemas.BatchResults();
            else if (context.JsonTypeInfo.Type == typeof(PluginLogLine))
                schema.Properties!["attributes"] = new OpenApiSchema { Type = JsonSchemaType.Object, Description = "A structured line's attributes." };

            return Task.CompletedTask;
        });
    }
}
