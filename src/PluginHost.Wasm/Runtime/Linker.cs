using PluginHost.Wasm.Modules;

namespace PluginHost.Wasm.Runtime;

/// <summary>What a module's imports resolved to, in the order of their index spaces.</summary>
internal sealed class ImportedItems
{
    public List<WasmFunction> Functions { get; } = [];

    public List<Table> Tables { get; } = [];

    public List<Global> Globals { get; } = [];

    public LinearMemory? Memory { get; set; }
}

/// <summary>Finds what a module imports among what the host offers, by the rules of import matching (spec 4.5.2).</summary>
internal static class Linker
{
    /// <exception cref="LinkException">Some import is missing or of another type; all such are named.</exception>
    public static ImportedItems Resolve(WasmModule module, Imports imports)
    {
        var items = new ImportedItems();
        var unresolved = new List<UnresolvedImport>();

        foreach (var import in module.Imports)
        {
            _ = imports.TryGet(import.Module, import.Name, out var offered);

            if (!TryMatch(module, import, offered, items))
                unresolved.Add(new UnresolvedImport(import.Module, import.Name, Describe(module, import), offered is null ? null : Describe(offered)));
        }

        return unresolved.Count == 0 ? items : throw new LinkException(unresolved);
    }

    /// <summary>What an import declares: <c>func (i32) -> ()</c>, <c>memory 1..</c>, …</summary>
    public static string Describe(WasmModule module, Import import) => import.Kind switch
    {
        ExternalKind.Function => $"func {module.Types[(int)import.TypeIndex]}",
        ExternalKind.Table => Describe(import.Table!),
        ExternalKind.Memory => Describe(import.Memory!),
        _ => Describe(import.Global!),
    };

    private static bool TryMatch(WasmModule module, Import import, object? offered, ImportedItems items)
    {
        switch (import.Kind, offered)
        {
            case (ExternalKind.Function, WasmFunction function) when function.Type.Equals(module.Types[(int)import.TypeIndex]):
                items.Functions.Add(function);
                return true;
            case (ExternalKind.Table, Table table) when table.Type.ElementType == import.Table!.ElementType && Matches(table.Size, table.Type.Limits.Maximum, import.Table.Limits):
                items.Tables.Add(table);
                return true;
            case (ExternalKind.Memory, LinearMemory memory) when Matches(memory.Pages, memory.Type.Limits.Maximum, import.Memory!.Limits):
                items.Memory = memory;
                return true;
            case (ExternalKind.Global, Global global) when global.Type == import.Global:
                items.Globals.Add(global);
                return true;
            default:
                return false;
        }
    }

    private static bool Matches(uint size, uint? maximum, Limits declared) =>
        size >= declared.Minimum && (declared.Maximum is null || maximum <= declared.Maximum);

    private static string Describe(object offered) => offered switch
    {
        WasmFunction function => $"func {function.Type}",
        Table table => Describe(table.Type with { Limits = table.Type.Limits with { Minimum = table.Size } }),
        LinearMemory memory => Describe(memory.Type with { Limits = memory.Type.Limits with { Minimum = memory.Pages } }),
        Global global => Describe(global.Type),
        _ => offered.GetType().Name,
    };

    private static string Describe(TableType type) => $"table {Describe(type.Limits)} {type.ElementType.Name()}";

    private static string Describe(MemoryType type) => $"memory {Describe(type.Limits)}";

    private static string Describe(GlobalType type) => type.IsMutable ? $"global (mut {type.ValueType.Name()})" : $"global {type.ValueType.Name()}";

    private static string Describe(Limits limits) => limits.Maximum is { } maximum ? $"{limits.Minimum}..{maximum}" : $"{limits.Minimum}..";
}
