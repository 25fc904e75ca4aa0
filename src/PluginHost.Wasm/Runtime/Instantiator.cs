using PluginHost.Wasm.Modules;

namespace PluginHost.Wasm.Runtime;

/// <summary>Instantiation (spec 4.5.4), the same for every engine.</summary>
internal static unsafe class Instantiator
{
    public static WasmInstance Instantiate(ExecutableModule executable, Imports imports, InstanceOptions options, ExecutionBudget budget)
    {
        var module = executable.Module;
        var imported = Linker.Resolve(module, imports);
        var links = Allocate(module, imported, options);
        WasmInstance? instance = null;

        try
        {
            instance = executable.Create(links, options);
            InitializeGlobals(instance);
            CopyElementSegments(instance);
            CopyDataSegments(instance);

            if (module.StartFunction is { } start)
                instance.Invoke(instance.Function(start), [], [], budget);

            return instance;
        }
        catch
        {
            if (instance is null)
                links.Dispose();
            else if (options.Store is null)
                instance.Dispose(); // In a shared store its functions may already stand in another instance's table: there it lives on with them.

            throw;
        }
    }

    private static InstanceLinks Allocate(WasmModule module, ImportedItems imported, InstanceOptions options)
    {
        var headBytes = sizeof(InstanceContext) + (module.GlobalDefinitions.Length * sizeof(ulong));
        var ownsMemory = module.Memory is not null && !module.ImportsMemory;
        var memory = ownsMemory ? new LinearMemory(module.Memory!, options.MaximumMemoryPages, headBytes) : imported.Memory;
        var space = ownsMemory ? memory!.Space : new AddressSpace(headBytes, 0);

        var tables = new Table[module.Tables.Length];
        imported.Tables.CopyTo(tables, 0);

        try
        {
            var quota = new ElementQuota(options.MaximumTableElements);

            for (var i = imported.Tables.Count; i < tables.Length; i++)
                tables[i] = new Table(module.Tables[i], quota);

            var globals = new Global[module.Globals.Length];
            imported.Globals.CopyTo(globals, 0);
            var cell = (ulong*)((InstanceContext*)space.Base - 1);

            for (var i = imported.Globals.Count; i < globals.Length; i++)
                globals[i] = new Global(module.Globals[i], space, --cell);

            return new InstanceLinks
            {
                Functions = [.. imported.Functions],
                Tables = tables,
                ImportedTables = imported.Tables.Count,
                Globals = globals,
                Memory = memory,
                Space = space,
                OwnsMemory = ownsMemory,
                DroppedData = new bool[module.DataSegments.Length],
                DroppedElements = new bool[module.ElementSegments.Length],
            };
        }
        catch
        {
            foreach (var table in tables.AsSpan(imported.Tables.Count))
                table?.Dispose();

            space.Dispose();
            throw;
        }
    }

    private static void InitializeGlobals(WasmInstance instance)
    {
        var module = instance.Module;

        for (var i = 0; i < module.GlobalDefinitions.Length; i++)
            *instance.Globals[module.ImportedGlobalCount + i].Cell = Evaluate(instance, module.GlobalDefinitions[i].Initializer);
    }

    private static void CopyElementSegments(WasmInstance instance)
    {
        var segments = instance.Module.ElementSegments;

        for (var i = 0; i < segments.Length; i++)
        {
            if (segments[i].Mode == SegmentMode.Active)
            {
                var offset = (uint)Evaluate(instance, segments[i].TableOffset);
                BulkOperations.TableInit(instance, segments[i].TableIndex, (uint)i, offset, 0, (uint)segments[i].Length);
            }

            if (segments[i].Mode != SegmentMode.Passive)
                instance.DroppedElements[i] = true;
        }
    }

    private static void CopyDataSegments(WasmInstance instance)
    {
        var segments = instance.Module.DataSegments;

        if (TryCopyDataImage(instance))
            return;

        for (var i = 0; i < segments.Length; i++)
        {
            if (segments[i].Mode != SegmentMode.Active)
                continue;

            var offset = (uint)Evaluate(instance, segments[i].MemoryOffset);
            BulkOperations.MemoryInit(instance, (uint)i, offset, 0, (uint)segments[i].Length);
            instance.DroppedData[i] = true;
        }
    }

    /// <summary>
    /// Copies all active segments as the few runs that they make together: Go's linker emits tens of thousands. Where one would not fit, or one's place is
    /// only known at instantiation, they go one by one, since those before the one that traps must be there.
    /// </summary>
    private static bool TryCopyDataImage(WasmInstance instance)
    {
        var module = instance.Module;

        if (module.DataSegments.Length == 0 || instance.Memory is not { } memory)
            return module.DataSegments.Length == 0;

        var image = module.DataImage;

        if (!image.IsComplete || image.RequiredBytes > memory.ByteLength)
            return false;

        foreach (ref readonly var run in image.Runs)
        {
            var bytes = image.RunBytes(run);
            bytes.CopyTo(memory.Span(run.Address, (uint)bytes.Length));
        }

        for (var i = 0; i < module.DataSegments.Length; i++)
            instance.DroppedData[i] = module.DataSegments[i].Mode == SegmentMode.Active;

        return true;
    }

    /// <summary>The value of a constant expression in an instance.</summary>
    internal static ulong Evaluate(WasmInstance instance, in ConstantExpression expression) =>
        ConstantExpressionEvaluator.Evaluate(instance.Module, expression, index => *instance.Globals[index].Cell, instance.FunctionReference);
}
