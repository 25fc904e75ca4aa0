using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NJsonSchema.CodeGeneration.CSharp;
using NSwag.CodeGeneration.CSharp;

namespace PluginHost.Api.Tests.OpenApi;

/// <summary>A client that NSwag makes of a document, compiled and loaded, as somebody would who has nothing but the document.</summary>
internal sealed class GeneratedClient
{
    private const string Namespace = "Generated";

    private readonly object _client;

    private GeneratedClient(object client) => _client = client;

    /// <summary>The source, for whoever reads a failure.</summary>
    public required string Source { get; init; }

    public static async Task<GeneratedClient> MakeAsync(string document, HttpClient http)
    {
        var read = await NSwag.OpenApiDocument.FromJsonAsync(document);
        var settings = new CSharpClientGeneratorSettings { ClassName = "PluginClient", UseBaseUrl = false, GenerateOptionalParameters = true };

        settings.CSharpGeneratorSettings.Namespace = Namespace;
        settings.CSharpGeneratorSettings.JsonLibrary = CSharpJsonLibrary.SystemTextJson;

        var source = new CSharpClientGenerator(read, settings).GenerateFile();
        var type = Compile(source).GetType($"{Namespace}.PluginClient") ?? throw new InvalidOperationException(source);
        return new GeneratedClient(Activator.CreateInstance(type, http)!) { Source = source };
    }

    public Type Type(string name) => _client.GetType().Assembly.GetType($"{Namespace}.{name}") ?? throw new InvalidOperationException($"There is no {name} in:\n{Source}");

    /// <summary>Calls an operation with its body; what else it takes is left out.</summary>
    public async Task<object?> CallAsync(string operation, object body)
    {
        var method = _client.GetType().GetMethods().Single(method => method.Name == operation + "Async" && method.GetParameters()[^1].ParameterType == typeof(CancellationToken));
        var arguments = method.GetParameters().Select(parameter => parameter.Name == "body" ? body : parameter.HasDefaultValue ? parameter.DefaultValue : null).ToArray();

        // A cancellation token's default is no value of its own in the metadata.
        arguments[^1] = CancellationToken.None;
        var task = (Task)method.Invoke(_client, arguments)!;
        await task;
        return task.GetType().GetProperty("Result")?.GetValue(task);
    }

    private static Assembly Compile(string source)
    {
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path));
        var compilation = CSharpCompilation.Create(
            Namespace, [CSharpSyntaxTree.ParseText(source)], references, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        using var assembly = new MemoryStream();
        var result = compilation.Emit(assembly);

        Assert.True(result.Success, string.Join('\n', result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Append<object>(source)));
        assembly.Position = 0;
        return new AssemblyLoadContext(Namespace, isCollectible: true).LoadFromStream(assembly);
    }
}
