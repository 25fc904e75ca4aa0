namespace PluginHost.Wasm.Modules;

/// <summary>
/// One import (spec 2.5.11). Exactly one of the four descriptions is set, as <see cref="Kind"/> says; a module may import the same name several times.
/// </summary>
/// <param name="TypeIndex">For a function: the index of its type.</param>
public sealed record Import(
    string Module,
    string Name,
    ExternalKind Kind,
    uint TypeIndex = 0,
    TableType? Table = null,
    MemoryType? Memory = null,
    GlobalType? Global = null);
