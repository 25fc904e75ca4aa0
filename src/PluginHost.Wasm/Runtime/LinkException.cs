namespace PluginHost.Wasm.Runtime;

/// <summary>One import that could not be provided.</summary>
/// <param name="Expected">What the module declares, in the field's notation.</param>
/// <param name="Offered">What there is under that name, or null where there is nothing.</param>
public sealed record UnresolvedImport(string Module, string Name, string Expected, string? Offered)
{
    public override string ToString() => Offered is null
        ? $"{Module}.{Name} {Expected} is not offered"
        : $"{Module}.{Name} is declared as {Expected} and offered as {Offered}";
}

/// <summary>A module's imports cannot be provided (spec 4.5.4, step 3): each that cannot is named.</summary>
public sealed class LinkException(IReadOnlyList<UnresolvedImport> unresolved)
    : Exception($"{unresolved.Count} import(s) cannot be provided: {string.Join("; ", unresolved)}")
{
    public IReadOnlyList<UnresolvedImport> Unresolved { get; } = unresolved;
}
