using PluginHost.Fuzz.Execution;

namespace PluginHost.Fuzz.Generation.Go;

/// <summary>What a generated module has, by index.</summary>
/// <param name="HasHost">Whether it imports the host's functions.</param>
/// <param name="HasHostGlobal">Whether its first global is an imported one.</param>
/// <param name="Functions">The functions in Go's shape, of type <see cref="GoType"/>.</param>
/// <param name="Leaves">The other functions, whose types are <see cref="LeafType"/> and those behind it, in turn.</param>
internal sealed record GoLayout(bool HasHost, bool HasHostGlobal, int Functions, int Leaves)
{
    public const int GoType = 0;
    public const int SwapType = 1;
    public const int PairType = 2;
    public const int TakeType = 3;
    public const int RefillType = 4;
    public const int LeafType = 5;
    public const int HostType = 8;

    /// <summary>The types of the globals that the module defines: SP, the context, g, two results, a float of each kind, the fuel.</summary>
    public static readonly ValueType[] Globals = [ValueType.I32, ValueType.I64, ValueType.I64, ValueType.I64, ValueType.I32, ValueType.F32, ValueType.F64, ValueType.I32];

    public static readonly (ValueType[] Parameters, ValueType[] Results)[] Types =
    [
        ([ValueType.I32], [ValueType.I32]),
        ([ValueType.I32, ValueType.I64], [ValueType.I64, ValueType.I32]),
        ([], [ValueType.F64, ValueType.I32]),
        ([ValueType.I32], []),
        ([], []),
        ([ValueType.I64, ValueType.I32], [ValueType.I64]),
        ([ValueType.F64, ValueType.F32, ValueType.I32], [ValueType.F64]),
        ([ValueType.I32, ValueType.I32, ValueType.F32], [ValueType.F32]),
        .. HostModule.Fuzzing.Items.Select(item => (item.Parameters, item.Results)),
    ];

    public const int TableSize = 12;

    /// <summary>Where g stands, and in it the stack's end.</summary>
    public const int GAddress = 0x100;

    public int ImportedFunctions => HasHost ? HostModule.Fuzzing.Items.Count : 0;

    public uint Global(int own) => (uint)(own + (HasHostGlobal ? 1 : 0));

    public uint StackPointer => Global(0);

    public uint Fuel => Global(Globals.Length - 1);

    public uint GoFunction(int index) => (uint)(ImportedFunctions + index);

    public uint Leaf(int index) => (uint)(ImportedFunctions + Functions + index);

    public static int TypeOfLeaf(int index) => LeafType + (index % 3);
}
