using PluginHost.Fuzz.Cases;
using PluginHost.Wasm.Binary;

namespace PluginHost.Fuzz.Generation.Go;

/// <summary>
/// Writes one function: locals, a loop that dispatches on a local by a <c>br_table</c>, and blocks that jump to each other by assigning a constant to that
/// local and branching to the loop. Everything that can be otherwise sometimes is.
/// </summary>
internal sealed partial class GoFunctionWriter
{
    private readonly FuzzRandom _random;
    private readonly GoLayout _layout;
    private readonly int _type;
    private readonly CodeWriter _code = new();

    /// <summary>The types of parameters and locals: the selector and SP first.</summary>
    private readonly List<ValueType> _locals = [];

    /// <summary>The labels that the code stands in, outermost first; the function's own is none of them.</summary>
    private readonly List<GoLabel> _labels = [];

    /// <summary>A local of each float type that only the removal of NaNs uses.</summary>
    private readonly uint _scratch32;
    private readonly uint _scratch64;

    /// <summary>Instructions are spent, so that no function grows without end.</summary>
    private int _budget = 400;

    public GoFunctionWriter(FuzzRandom random, GoLayout layout, int type)
    {
        _random = random;
        _layout = layout;
        _type = type;
        _locals.AddRange(GoLayout.Types[type].Parameters);
        StackPointer = (uint)_locals.Count;
        _locals.Add(ValueType.I32);

        for (var count = random.Between(1, 7); count > 0; count--)
            _locals.Add(random.Pick(ValueType.I32, ValueType.I64, ValueType.I64, ValueType.F32, ValueType.F64));

        _scratch32 = (uint)_locals.Count;
        _scratch64 = _scratch32 + 1;
        _locals.AddRange([ValueType.F32, ValueType.F64]);
    }

    /// <summary>The local that holds SP.</summary>
    private uint StackPointer { get; }

    private bool IsGo => _type == GoLayout.GoType;

    private ValueType[] Results => GoLayout.Types[_type].Results;

    /// <summary>Writes the entry of the code section, without its size.</summary>
    public byte[] Write()
    {
        if (!_random.Chance(5))
            _code.Op(Opcode.GlobalGet, _layout.StackPointer).Set(StackPointer);

        SpendFuel();

        if (IsGo || _random.Chance(30))
            Dispatch(nested: false);
        else
            Statements(_random.Between(1, 8));

        ReturnValues();
        _code.Op(Opcode.End);

        var declared = _locals.Skip(GoLayout.Types[_type].Parameters.Length).ToArray();
        return [.. ModuleBytes.U32((uint)declared.Length), .. declared.SelectMany(type => (byte[])[1, (byte)type]), .. _code.ToArray()];
    }

    /// <summary>What the function returns, on the stack.</summary>
    private void ReturnValues()
    {
        foreach (var type in Results)
        {
            if (IsGo && _random.Chance(80))
                _code.I32(_random.Chance(70) ? 1 : 0);
            else
                PushClean(type, 2);
        }
    }

    /// <summary>Counts the fuel down and traps at its end: stands at every entry and before every branch that may go back.</summary>
    private void SpendFuel() => _code
        .Op(Opcode.GlobalGet, _layout.Fuel).I32(1).Op(Opcode.I32Sub).Op(Opcode.GlobalSet, _layout.Fuel)
        .Op(Opcode.GlobalGet, _layout.Fuel).I32(0).Op(Opcode.I32LtS).Op(Opcode.If, 0x40).Op(Opcode.Unreachable).Op(Opcode.End);

    private void Enter(Opcode opcode, GoLabel label)
    {
        _code.Op(opcode, 0x40);
        _labels.Add(label);
    }

    private void Enter(Opcode opcode, ValueType result)
    {
        _code.Op(opcode, (byte)result);
        _labels.Add(new GoLabel(GoLabelKind.Valued));
    }

    private void Leave()
    {
        _code.Op(Opcode.End);
        _labels.RemoveAt(_labels.Count - 1);
    }

    private uint Depth(GoLabel label) => (uint)(_labels.Count - 1 - _labels.LastIndexOf(label));

    private bool TryLocal(ValueType type, out uint local)
    {
        // The scratch locals stand at the end and are nobody's.
        var count = _locals.Count - 2;
        var start = _random.Below(count);

        for (var i = 0; i < count; i++)
        {
            local = (uint)((start + i) % count);

            // The selector is read and written by what is not a dispatch now and then only.
            if (_locals[(int)local] == type && (local != 0 || !IsGo || _random.Chance(4)))
                return true;
        }

        local = 0;
        return false;
    }
}
