namespace PluginHost.Wasm.Modules;

/// <summary>What an import or an export names, by its code in the binary format (spec 5.5.5).</summary>
public enum ExternalKind : byte
{
    Function = 0,
    Table = 1,
    Memory = 2,
    Global = 3,
}

/// <summary>The type of a memory (spec 2.3.8); its limits count pages of 64 KiB.</summary>
public sealed record MemoryType(Limits Limits);

/// <summary>The type of a table (spec 2.3.9).</summary>
public sealed record TableType(ValueType ElementType, Limits Limits);

/// <summary>The type of a global variable (spec 2.3.10).</summary>
public sealed record GlobalType(ValueType ValueType, bool IsMutable);
