using PluginHost.Wasm.Binary;
using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Wasm.Validation;

/// <summary>Validates a module (spec 3.4): everything outside of bodies here, each body by <see cref="FunctionValidator"/>.</summary>
internal static class ModuleValidator
{
    /// <summary>Modules with more code than this are validated by two threads.</summary>
    private const int ParallelBytes = 256 * 1024;

    public static void Validate(WasmModule module, bool validateBodies)
    {
        ValidateTypes(module);
        module.DeclaredReferences = new bool[module.FunctionTypeIndices.Length];
        ValidateGlobals(module);
        ValidateExports(module);
        ValidateStart(module);
        ValidateElements(module);
        ValidateData(module);

        if (validateBodies)
            ValidateBodies(module);
    }

    private static void ValidateTypes(WasmModule module)
    {
        for (var i = 0; i < module.FunctionTypeIndices.Length; i++)
        {
            if (module.FunctionTypeIndices[i] >= (uint)module.Types.Length)
                throw new InvalidModuleException($"unknown type {module.FunctionTypeIndices[i]}", module.Offsets.Functions[i]);
        }

        if (module.Tables.Length > module.Limits.Tables)
            throw new MalformedModuleException($"{module.Tables.Length} tables are more than the limit of {module.Limits.Tables} (Tables)", module.Offsets.Tables[module.Limits.Tables]);

        for (var i = 0; i < module.Tables.Length; i++)
        {
            var (limits, at) = (module.Tables[i].Limits, module.Offsets.Tables[i]);

            if (limits.Minimum > limits.Maximum)
                throw new InvalidModuleException("size minimum must not be greater than maximum", at);

            if (limits.Minimum > module.Limits.TableElements)
                throw new MalformedModuleException($"a table of {limits.Minimum} elements is larger than the limit of {module.Limits.TableElements} (TableElements)", at);
        }

        if (module.Memory is { } memory)
        {
            var at = module.Offsets.Memories[0];

            if (memory.Limits.Minimum > LinearMemory.MaximumPages || memory.Limits.Maximum > LinearMemory.MaximumPages)
                throw new InvalidModuleException("memory size must be at most 65536 pages (4GiB)", at);

            if (memory.Limits.Minimum > memory.Limits.Maximum)
                throw new InvalidModuleException("size minimum must not be greater than maximum", at);
        }
    }

    private static void ValidateGlobals(WasmModule module)
    {
        foreach (var global in module.GlobalDefinitions)
            ValidateExpression(module, global.Initializer, global.Type.ValueType);
    }

    private static void ValidateExports(WasmModule module)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);

        for (var i = 0; i < module.Exports.Length; i++)
        {
            var (export, at) = (module.Exports[i], module.Offsets.Exports[i]);

            if (!names.Add(export.Name))
                throw new InvalidModuleException($"duplicate export name \"{export.Name}\"", at);

            var count = export.Kind switch
            {
                ExternalKind.Function => module.FunctionTypeIndices.Length,
                ExternalKind.Table => module.Tables.Length,
                ExternalKind.Memory => module.Memory is null ? 0 : 1,
                _ => module.Globals.Length,
            };

            if (export.Index >= (uint)count)
                throw new InvalidModuleException($"unknown {export.Kind.ToString().ToLowerInvariant()} {export.Index} in export \"{export.Name}\"", at);

            if (export.Kind == ExternalKind.Function)
                module.DeclaredReferences![export.Index] = true;
        }
    }

    private static void ValidateStart(WasmModule module)
    {
        if (module.StartFunction is not { } start)
            return;

        if (start >= (uint)module.FunctionTypeIndices.Length)
            throw new InvalidModuleException($"unknown function {start} as start function", module.Offsets.Start);

        if (!module.FunctionType(start).Equals(FunctionType.Empty))
            throw new InvalidModuleException("start function must take and give nothing", module.Offsets.Start);
    }

    private static void ValidateElements(WasmModule module)
    {
        foreach (var segment in module.ElementSegments)
        {
            if (segment.Mode == SegmentMode.Active)
            {
                if (segment.TableIndex >= (uint)module.Tables.Length)
                    throw new InvalidModuleException($"unknown table {segment.TableIndex}", segment.Offset);

                if (module.Tables[(int)segment.TableIndex].ElementType != segment.ElementType)
                    throw new InvalidModuleException("type mismatch: an element segment for a table of another type", segment.Offset);

                ValidateExpression(module, segment.TableOffset, ValueType.I32);
            }

            foreach (var function in segment.FunctionIndices ?? [])
            {
                if (function >= (uint)module.FunctionTypeIndices.Length)
                    throw new InvalidModuleException($"unknown function {function} in an element segment", segment.Offset);

                module.DeclaredReferences![function] = true;
            }

            foreach (var expression in segment.Expressions ?? [])
                ValidateExpression(module, expression, segment.ElementType);
        }
    }

    private static void ValidateData(WasmModule module)
    {
        foreach (ref readonly var segment in module.DataSegments.AsSpan())
        {
            if (segment.Mode != SegmentMode.Active)
                continue;

            if (module.Memory is null)
                throw new InvalidModuleException("unknown memory 0", segment.MemoryOffset.Offset);

            ValidateExpression(module, segment.MemoryOffset, ValueType.I32);
        }
    }

    /// <summary>A constant expression (spec 3.3.10): decoding let only instructions pass that one can contain.</summary>
    private static void ValidateExpression(WasmModule module, in ConstantExpression expression, ValueType expected)
    {
        var reader = new ByteReader(module.Bytes, expression.Offset, expression.Offset + expression.Length);
        Span<ValueType> stack = stackalloc ValueType[ConstantExpressionEvaluator.MaximumHeight];
        var height = 0;

        while (true)
        {
            var at = reader.Offset;
            var opcode = (Opcode)reader.ReadByte();

            if (opcode == Opcode.End)
                break;

            var type = opcode switch
            {
                Opcode.I32Const => Take(ValueType.I32, reader.ReadS32()),
                Opcode.I64Const => Take(ValueType.I64, reader.ReadS64()),
                Opcode.F32Const => Take(ValueType.F32, reader.ReadFixed32()),
                Opcode.F64Const => Take(ValueType.F64, reader.ReadFixed64()),
                Opcode.RefNull => reader.ReadReferenceType(),
                Opcode.RefFunc => FunctionReference(module, reader.ReadU32(), at),
                Opcode.GlobalGet => ImportedGlobal(module, reader.ReadU32(), at),
                _ => Opcodes.Find(opcode)!.Results[0],
            };

            if (Opcodes.Find(opcode)!.Operands.Length == 2)
            {
                if (height < 2 || stack[height - 1] != type || stack[height - 2] != type)
                    throw new InvalidModuleException($"type mismatch in a constant expression at {Opcodes.Mnemonic(opcode)}", at);

                height -= 2;
            }

            if (height == stack.Length)
                throw new MalformedModuleException($"a constant expression has more than {stack.Length} values on its stack", at);

            stack[height++] = type;
        }

        if (height != 1 || stack[0] != expected)
            throw new InvalidModuleException($"type mismatch: a constant expression of type {expected.Name()} is required", expression.Offset);
    }

    private static ValueType Take<T>(ValueType type, T immediate)
    {
        _ = immediate;
        return type;
    }

    private static ValueType FunctionReference(WasmModule module, uint function, int at)
    {
        if (function >= (uint)module.FunctionTypeIndices.Length)
            throw new InvalidModuleException($"unknown function {function}", at);

        module.DeclaredReferences![function] = true;
        return ValueType.FuncRef;
    }

    private static ValueType ImportedGlobal(WasmModule module, uint global, int at)
    {
        if (global >= (uint)module.ImportedGlobalCount)
            throw new InvalidModuleException($"unknown global {global}: a constant expression may name imported ones only", at);

        if (module.Globals[(int)global].IsMutable)
            throw new InvalidModuleException($"constant expression required: global {global} is mutable", at);

        return module.Globals[(int)global].ValueType;
    }

    public static void ValidateBodies(WasmModule module)
    {
        var count = module.FunctionBodies.Length;
        var half = count;

        if (count > 1 && Environment.ProcessorCount > 1)
        {
            var total = module.FunctionBodies.Sum(body => (long)body.Length);

            if (total > ParallelBytes)
            {
                half = 0;

                for (long bytes = 0; bytes < total / 2; half++)
                    bytes += module.FunctionBodies[half].Length;
            }
        }

        var second = half < count ? Task.Run(() => ValidateBodies(module, half, count)) : Task.CompletedTask;

        try
        {
            // An error in the first half is the one with the lower function index: it is reported, whatever the second finds.
            ValidateBodies(module, 0, half);
        }
        catch
        {
            _ = second.ContinueWith(task => task.Exception, TaskScheduler.Default);
            throw;
        }

        second.GetAwaiter().GetResult();
    }

    private static void ValidateBodies(WasmModule module, int from, int to)
    {
        var sink = default(NoSink);

        for (var i = from; i < to; i++)
            FunctionValidator.Validate(module, (uint)(module.ImportedFunctionCount + i), ref sink);
    }
}
