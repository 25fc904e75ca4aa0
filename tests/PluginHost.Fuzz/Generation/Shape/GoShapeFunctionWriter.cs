using PluginHost.Fuzz.Cases;
using PluginHost.Wasm.Binary;

namespace PluginHost.Fuzz.Generation.Shape;

/// <summary>
/// Writes one function by chance, in such a way that it is taken for Go's: SP is always as far from its value at entry as the place says, and no local is read
/// behind a call that was assigned before it.
/// </summary>
internal sealed partial class GoShapeFunctionWriter
{
    /// <summary>The locals that code may use: 2 and 3 are i64, 4 is an i32, 5 an f64.</summary>
    private static readonly uint[] s_locals = [2, 3, 4, 5];

    private readonly FuzzRandom _random;
    private readonly GoShapeCallees _callees;
    private readonly int _frame;

    /// <summary>How each block ends: by a call or otherwise.</summary>
    private readonly bool[] _endsWithCall;

    /// <summary>The locals that every way to a block's start has assigned: none where a call leads to it.</summary>
    private readonly HashSet<uint>[] _expected;

    /// <summary>The locals that are assigned on every way to where the code stands; what ifs assign is not counted.</summary>
    private HashSet<uint> _assigned = [];

    public GoShapeFunctionWriter(FuzzRandom random, GoShapeCallees callees)
    {
        _random = random;
        _callees = callees;
        _frame = 8 * random.Between(1, random.Chance(10) ? 90 : 12);
        _endsWithCall = [.. Enumerable.Range(0, random.Between(2, 7)).Select(_ => random.Chance(55))];
        _expected = [.. _endsWithCall.Select((_, i) => i == 0 || _endsWithCall[i - 1] ? [] : s_locals.Where(_ => random.Chance(50)).ToHashSet())];
    }

    private int Last => _endsWithCall.Length - 1;

    public byte[] Write() => new GoShapeFunction().Write([.. _endsWithCall.Select((_, number) => (Action<GoShapeCode>)(block => Block(block, number)))]);

    private void Block(GoShapeCode block, int number)
    {
        _assigned = [.. _expected[number]];

        if (number == 0)
        {
            // Go's test of the stack's end, whose call is not seen to return.
            if (_random.Chance(50))
            {
                block.Raw.Get(1).I32(_random.Pick(0, 64, 0x4000)).Op(Opcode.I32LeU);
                block.If(then => then.Call(_callees.Unwinder));
            }

            block.Push(_frame);
        }

        for (var count = _random.Below(5); count > 0; count--)
            Statement(block, number, nesting: 0);

        if (number == Last)
        {
            End(block);
        }
        else if (_endsWithCall[number])
        {
            Call(block);
        }
        else
        {
            if (number > 0 && _random.Chance(40))
                Repeat(block, _random.Between(1, number));

            Assign(block.Raw, _expected[number + 1]);
        }
    }

    /// <summary>The end of the last block: a return, or a call whose result is the function's.</summary>
    private void End(GoShapeCode block)
    {
        if (_random.Chance(80))
            block.Pop(_frame + 8).Return();
        else if (_random.Chance(70))
            block.Pop(_frame).Raw.I32(0).Op(Opcode.Call, _random.Pick<uint>(_callees.Behind)).Op(Opcode.Return);
        else
            block.Raw.Op(Opcode.Unreachable);
    }

    private void Call(GoShapeCode block)
    {
        var callee = _random.Pick<uint>(_callees.Behind);

        switch (_random.Below(10))
        {
            case < 4:
                block.Call(callee);
                break;
            case < 6:
                block.CallElement((int)callee);
                break;
            case < 8:
                block.CallClosure((int)callee);
                break;
            case 8:
                block.CallAt(callee, _random.Below(6));
                break;
            default:
                block.Call(_callees.Unwinder);
                break;
        }
    }

    private void Repeat(GoShapeCode block, int target)
    {
        Assign(block.Raw, _expected[target]);
        block.Repeat(target);
    }

    /// <summary>Assigns what is not assigned yet.</summary>
    private void Assign(CodeWriter code, HashSet<uint> locals)
    {
        foreach (var local in locals.Except(_assigned).Order().ToList())
            Assign(code, local, nesting: 0);
    }
}
