using PluginHost.Plugins.Loading;

namespace PluginHost.Plugins.Manifests;

/// <summary>Holds what a manifest says against what the module is.</summary>
internal static class ManifestCheck
{
    /// <summary>The module's functions with all that the manifest says of them.</summary>
    /// <param name="functions">As the module has them: its exports and the handlers it registered.</param>
    public static Outcome<IReadOnlyList<ExportDescription>> Describe(PluginManifest manifest, IReadOnlyList<ExportDescription> functions)
    {
        var described = functions.ToList();
        var places = new Dictionary<string, int>(StringComparer.Ordinal);

        for (var i = 0; i < described.Count; i++)
            places[described[i].Name] = i;

        foreach (var export in manifest.Exports ?? [])
        {
            if (!places.TryGetValue(export.Name, out var place) || described[place].Kind != ExportKind.Export)
                return Missing("export", export.Name, functions, ExportKind.Export);

            if (Mismatch(export, described[place]) is { } mismatch)
                return mismatch;

            described[place] = described[place] with { Doc = NullIfEmpty(export.Doc), Declared = new ExportDeclaration(export.Parameters ?? [], export.Result) };
        }

        foreach (var handler in manifest.Handlers ?? [])
        {
            if (!places.TryGetValue(handler.Name, out var place) || described[place].Kind != ExportKind.Handler)
                return Missing("handler", handler.Name, functions, ExportKind.Handler);

            var found = described[place].Declared!;

            if (found.Parameters[0].Type != handler.Input.Type || found.Result!.Type != handler.Output.Type)
            {
                return Failure($"The handler '{handler.Name}' is from {handler.Input.Type.Text()} to {handler.Output.Type.Text()} in the manifest, and the module registers it from {found.Parameters[0].Type.Text()} to {found.Result!.Type.Text()}.");
            }

            described[place] = described[place] with
            {
                Doc = NullIfEmpty(handler.Doc),
                Declared = new ExportDeclaration([new ManifestParameter(HandlerList.Parameter, handler.Input.Type, handler.Input.ContentType, handler.Input.Schema)], handler.Output),
            };
        }

        return new Outcome<IReadOnlyList<ExportDescription>>(described, null);
    }

    private static PluginFailure? Mismatch(ManifestExport export, ExportDescription function)
    {
        var position = 0;

        foreach (var parameter in export.Parameters ?? [])
        {
            var expected = DeclaredTypes.Parameters(parameter.Type);
            var found = function.Parameters.Skip(position).Take(expected.Count).ToList();

            if (!expected.SequenceEqual(found, StringComparer.Ordinal))
            {
                return Failure(
                    $"The parameter '{parameter.Name}' of the export '{export.Name}' is declared {parameter.Type.Text()}, which is {Names(expected)} in WebAssembly, and the module has {(found.Count == 0 ? "nothing" : Names(found))} there: its type is {Type(function)}.");
            }

            position += expected.Count;
        }

        if (position != function.Parameters.Count)
            return Failure($"The parameters of the export '{export.Name}' are {position} value(s) in WebAssembly by the manifest, and the module has {function.Parameters.Count}: its type is {Type(function)}.");

        IReadOnlyList<string> results = export.Result is { } result ? [DeclaredTypes.Result(result.Type)] : [];

        return results.SequenceEqual(function.Results, StringComparer.Ordinal)
            ? null
            : Failure(
                $"The result of the export '{export.Name}' is {(export.Result is { } declared ? $"declared {declared.Type.Text()}, which is {Names(results)} in WebAssembly" : "not declared")}, and the module gives {(function.Results.Count == 0 ? "nothing" : Names(function.Results))}: its type is {Type(function)}.");
    }

    private static PluginFailure Missing(string kind, string name, IReadOnlyList<ExportDescription> functions, ExportKind sought) =>
        Failure($"The manifest describes the {kind} '{name}', and the module has none of that name.") with
        {
            Available = [.. functions.Where(function => function.Kind == sought).Take(100).Select(function => function.Name)],
        };

    private static PluginFailure Failure(string detail) =>
        new(FailureCode.ManifestMismatch, detail) { Hint = "Write the manifest again from the source that the module was built from." };

    private static string Names(IEnumerable<string> types) => string.Join(", ", types);

    private static string Type(ExportDescription function) => $"({Names(function.Parameters)}) -> ({Names(function.Results)})";

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
