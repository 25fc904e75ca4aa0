using Microsoft.OpenApi;

namespace PluginHost.Api.OpenApi;

/// <summary>The schemas of values as they pass through JSON without changing.</summary>
internal static class ScalarSchemas
{
    public static OpenApiSchema Arguments() => Array(
        Scalar("A number; or a string: decimal or 0x… for integers, \"NaN\", \"Infinity\" or \"-Infinity\" for floats."), "One value for each parameter, in order.");

    public static OpenApiSchema Calls() => Array(Arguments(), "The arguments of each call.");

    public static OpenApiSchema Results() => Array(
        Scalar("i32 and floats are numbers, i64 is a decimal string; floats that JSON has no number for are \"NaN\", \"Infinity\" and \"-Infinity\"."), "None or one.");

    public static OpenApiSchema BatchResults() => Array(
        new OpenApiSchema { Type = JsonSchemaType.Object, Description = "An InvokeResponse or a Problem." }, "What each call gave, in order.");

    private static OpenApiSchema Scalar(string description) => new()
    {
        Description = description,
        OneOf =
        [
            new OpenApiSchema { Type = JsonSchemaType.Number },
            new OpenApiSchema { Type = JsonSchemaType.String },
            new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Description = "A float by its bits.",
                Properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal) { ["bits"] = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = "^0x[0-9a-fA-F]+$" } },
                Required = new HashSet<string>(StringComparer.Ordinal) { "bits" },
            },
        ],
    };

    private static OpenApiSchema Array(IOpenApiSchema items, string description) => new() { Type = JsonSchemaType.Array, Items = items, Description = description };
}
