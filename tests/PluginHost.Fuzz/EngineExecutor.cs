using System.Globalization;
using System.Runtime.InteropServices;
using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Fuzz;

/// <summary>Runs modules on one of the project's engines.</summary>
internal sealed class EngineExecutor(IExecutionEngine engine)
{
    private static readonly ExecutionBudget Budget = new(TimeSpan.FromSeconds(20));

    public string Name => engine.Name;

    public Outcome Run(WasmModule module, IReadOnlyList<GuestCall> calls)
    {
        var log = 0;

        try
        {
            var imports = new Imports();

            foreach (var import in module.Imports.Where(import => import.Kind == ExternalKind.Function).DistinctBy(import => (import.Module, import.Name)))
                AddLog(imports, import, module.Types[(int)import.TypeIndex], bits => log = unchecked((log * 31) + (int)(bits ^ (bits >> 32))));

            using var instance = engine.Prepare(module).Instantiate(imports, new InstanceOptions { MaximumCallDepth = 20_000 }, Budget);
            var results = calls.Select(call => Call(instance, call)).ToList();
            var memory = module.Exports.FirstOrDefault(export => export.Kind == ExternalKind.Memory) is { } export ? Hash((LinearMemory)instance.Export(export.Name)) : "";

            return new Outcome(results, $"{memory}/{(uint)log}");
        }
        catch (TrapException trap)
        {
            return new Outcome([Kind(trap)], "");
        }
    }

    /// <summary>A digest that node and wasm can compute as well.</summary>
    public static string Hash(LinearMemory memory)
    {
        var (first, second) = (unchecked((int)0x9E37_79B9), unchecked((int)0x85EB_CA6B));
        long count = 0;

        for (uint page = 0; page < memory.Pages; page++)
        {
            foreach (var word in MemoryMarshal.Cast<byte, int>(memory.Span(page * LinearMemory.PageSize, LinearMemory.PageSize)))
            {
                first = unchecked((first ^ word) * 0x0100_0193);
                second = unchecked(((second + word) * (int)0x85EB_CA77) ^ (second >>> 15));
            }

            count += LinearMemory.PageSize / sizeof(int);
        }

        return $"{count}-{(uint)first}-{(uint)second}";
    }

    private static void AddLog(Imports imports, Import import, FunctionType type, Action<ulong> note) =>
        imports.Add(import.Module, import.Name, type, (ref call) =>
        {
            for (var i = 0; i < Math.Min(type.Parameters.Length, 1); i++)
            {
                note(type.Parameters[i] switch
                {
                    ValueType.I32 => BitConverter.DoubleToUInt64Bits(call.Int32(i)),
                    ValueType.F32 => BitConverter.DoubleToUInt64Bits(call.Single(i)),
                    _ => call.UInt64(i),
                });
            }

            for (var i = 0; i < type.Results.Length; i++)
                call.Return(0UL, i);
        });

    private static string Call(WasmInstance instance, GuestCall call)
    {
        if (!instance.TryGetFunction(call.Export, out var function))
            throw new InvalidOperationException($"{call.Export} is not exported.");

        var results = new ulong[call.Type.Results.Length];

        try
        {
            instance.Invoke(function, call.Arguments, results, Budget);
        }
        catch (TrapException trap)
        {
            return Kind(trap);
        }

        return string.Join(' ', results.Select((bits, i) => Text(call.Type.Results[i], bits)));
    }

    private static string Text(ValueType type, ulong bits) => type switch
    {
        ValueType.F32 when float.IsNaN(BitConverter.UInt32BitsToSingle((uint)bits)) => "nan",
        ValueType.F64 when double.IsNaN(BitConverter.UInt64BitsToDouble(bits)) => "nan",
        _ => bits.ToString(CultureInfo.InvariantCulture),
    };

    private static string Kind(TrapException trap) => "trap " + trap.Kind switch
    {
        TrapKind.Unreachable => "unreachable",
        TrapKind.OutOfBoundsMemoryAccess => "memory",
        TrapKind.IntegerDivideByZero => "divide",
        TrapKind.IntegerOverflow or TrapKind.InvalidConversionToInteger => "overflow",
        TrapKind.OutOfBoundsTableAccess or TrapKind.UndefinedElement or TrapKind.UninitializedElement or TrapKind.IndirectCallTypeMismatch => "table",
        TrapKind.CallStackExhausted => "stack",
        _ => trap.Kind.ToString(),
    };
}
