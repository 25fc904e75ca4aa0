using PluginHost.Wasm.Modules;

namespace PluginHost.Fuzz;

/// <summary>One call of an export: all executors make the same ones in the same order, on one instance.</summary>
/// <param name="Arguments">As bits.</param>
internal sealed record GuestCall(string Export, FunctionType Type, ulong[] Arguments)
{
    private static readonly ulong[] Edges32 = [0, 1, uint.MaxValue, int.MaxValue, 0x8000_0000, 65_535, 65_536, 0xFFFF_FFF9, 31, 32];
    private static readonly ulong[] Edges64 = [0, 1, ulong.MaxValue, long.MaxValue, 1UL << 63, uint.MaxValue, 1UL << 32, 0x8000_0000, 63, 64];

    /// <summary>Every exported function of numbers, each several times, with arguments at the edges and random ones.</summary>
    public static List<GuestCall> Plan(WasmModule module, int seed)
    {
        var random = new Random(seed);
        var calls = new List<GuestCall>();

        foreach (var export in module.Exports.Where(export => export.Kind == ExternalKind.Function))
        {
            var type = module.FunctionType(export.Index);

            if (type.Parameters.Concat(type.Results).Any(value => !value.IsNumber()))
                continue;

            for (var i = 0; i < (type.Parameters.Length == 0 ? 1 : 4); i++)
                calls.Add(new GuestCall(export.Name, type, [.. type.Parameters.Select(parameter => Value(parameter, random))]));
        }

        return calls;
    }

    public override string ToString() => $"{Export}({string.Join(", ", Arguments)})";

    private static ulong Value(ValueType type, Random random) => type switch
    {
        ValueType.I32 => random.Next(4) == 0 ? (uint)random.Next(int.MinValue, int.MaxValue) : Edges32[random.Next(Edges32.Length)],
        ValueType.I64 => random.Next(4) == 0 ? (ulong)random.NextInt64(long.MinValue, long.MaxValue) : Edges64[random.Next(Edges64.Length)],
        ValueType.F32 => BitConverter.SingleToUInt32Bits((float)Number(random)),
        _ => BitConverter.DoubleToUInt64Bits(Number(random)),
    };

    private static double Number(Random random) => random.Next(10) switch
    {
        0 => 0,
        1 => -0.0,
        2 => double.PositiveInfinity,
        3 => double.NegativeInfinity,
        4 => 1e30,
        5 => -2147483649.0,
        6 => 0.5,
        _ => (random.NextDouble() - 0.5) * 1000,
    };
}
