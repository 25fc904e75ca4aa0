using System.Collections.Immutable;
using PluginHost.Plugins.Loading;
using PluginHost.Plugins.Manifests;
using PluginHost.Wasm.Modules;

namespace PluginHost.Plugins.Invocation;

/// <summary>What a function takes and gives, as callers see it: by its manifest, or else by its numbers.</summary>
public sealed class CallSignature
{
    private readonly string _text;

    private CallSignature(ImmutableArray<CallParameter> parameters, ImmutableArray<CallResult> results, bool isDeclared, int slotCount, string text)
    {
        _text = text;
        Parameters = parameters;
        Results = results;
        IsDeclared = isDeclared;
        SlotCount = slotCount;
        TakesBytes = parameters.Any(parameter => parameter.Type.IsInMemory());
        GivesBytes = results is [{ } result] && result.Type.IsInMemory();
    }

    public ImmutableArray<CallParameter> Parameters { get; }

    public ImmutableArray<CallResult> Results { get; }

    /// <summary>Whether parameters have names.</summary>
    public bool IsDeclared { get; }

    /// <summary>How many numbers the function takes in WebAssembly.</summary>
    public int SlotCount { get; }

    /// <summary>Whether an argument stands in the plugin's memory.</summary>
    public bool TakesBytes { get; }

    /// <summary>Whether the result stands in the plugin's memory.</summary>
    public bool GivesBytes { get; }

    /// <summary>The signature of numbers only.</summary>
    public static CallSignature Of(FunctionType type) => new(
        [.. type.Parameters.Select((parameter, slot) => new CallParameter(null, DeclaredTypes.Of(parameter), slot))],
        [.. type.Results.Select(result => new CallResult(DeclaredTypes.Of(result)))],
        false,
        type.Parameters.Length,
        type.ToString());

    /// <summary>The signature that is declared, which was checked against the module's when it was uploaded.</summary>
    /// <param name="firstSlot">The number of slots before the first parameter's.</param>
    internal static CallSignature Of(ExportDeclaration declaration, int firstSlot)
    {
        var parameters = ImmutableArray.CreateBuilder<CallParameter>(declaration.Parameters.Count);
        var slot = firstSlot;

        foreach (var parameter in declaration.Parameters)
        {
            parameters.Add(new CallParameter(parameter.Name, parameter.Type, slot));
            slot += parameter.Type.IsInMemory() ? 2 : 1;
        }

        var text = $"({string.Join(", ", declaration.Parameters.Select(parameter => $"{parameter.Name} {parameter.Type.Text()}"))}) -> ({declaration.Result?.Type.Text()})";
        return new CallSignature(
            parameters.ToImmutable(),
            declaration.Result is { } result ? [new CallResult(result.Type, result.ContentType)] : [],
            true,
            slot,
            text);
    }

    /// <summary>Parameters and results as the field writes them: <c>(name string, times i32) -> (string)</c>.</summary>
    public override string ToString() => _text;
}
