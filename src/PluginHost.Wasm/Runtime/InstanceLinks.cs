namespace PluginHost.Wasm.Runtime;

/// <summary>What instantiation gave an instance: the address maps of spec 4.2.5, and the native memory behind them.</summary>
internal sealed unsafe class InstanceLinks : IDisposable
{
    /// <summary>The imported functions.</summary>
    public required WasmFunction[] Functions { get; init; }

    public required Table[] Tables { get; init; }

    /// <summary>The first so many of the tables are another instance's or the host's.</summary>
    public required int ImportedTables { get; init; }

    public required Global[] Globals { get; init; }

    public required LinearMemory? Memory { get; init; }

    /// <summary>Holds the instance's own context; it is the memory's where the instance defines its memory.</summary>
    public required AddressSpace Space { get; init; }

    public required bool[] DroppedData { get; init; }

    public required bool[] DroppedElements { get; init; }

    /// <summary>Whether the memory is the instance's to give back.</summary>
    public required bool OwnsMemory { get; init; }

    public InstanceContext* Context => (InstanceContext*)Space.Base - 1;

    public void Dispose()
    {
        if (OwnsMemory)
            Memory!.Dispose();

        foreach (var table in Tables.AsSpan(ImportedTables))
            table.Dispose();

        Space.Dispose();
    }
}
