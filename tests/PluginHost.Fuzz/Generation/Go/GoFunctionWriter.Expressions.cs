using PluginHost.Wasm.Binary;

namespace PluginHost.Fuzz.Generation.Go;

/// <summary>What leaves one value on the operand stack.</summary>
internal sealed partial class GoFunctionWriter
{
    private static readonly Dictionary<ValueType, Opcode[]> s_numeric = Numeric();

    private static readonly Opcode[] s_comparisons =
    [
        .. s_numeric[ValueType.I32].Where(opcode => opcode is >= Opcode.I32Eqz and <= Opcode.F64Ge),
    ];

    /// <summary>Float instructions and loads, by the type that they give.</summary>
    private static readonly Dictionary<ValueType, Opcode[]> s_loads = Opcodes.All.ToArray()
        .Where(row => row.Immediates == Immediates.MemoryArgument && row.Results.Length == 1)
        .GroupBy(row => row.Results[0], row => row.Opcode)
        .ToDictionary(group => group.Key, group => group.ToArray());

    private static Dictionary<ValueType, Opcode[]> Numeric() => Opcodes.All.ToArray()
        .Where(row => row.Immediates == Immediates.None && row.Results.Length == 1 && row.Operands.Length > 0)
        .GroupBy(row => row.Results[0], row => row.Opcode)
        .ToDictionary(group => group.Key, group => group.ToArray());

    /// <summary>A value in which no NaN can be seen: their bits differ between engines.</summary>
    private void PushClean(ValueType type, int depth)
    {
        Push(type, depth);
        Clean(type);
    }

    private void Clean(ValueType type)
    {
        if (type == ValueType.F32)
            _code.Tee(_scratch32).Const(type, 0).Get(_scratch32).Get(_scratch32).Op(Opcode.F32Eq).Op(Opcode.Select);
        else if (type == ValueType.F64)
            _code.Tee(_scratch64).Const(type, 0).Get(_scratch64).Get(_scratch64).Op(Opcode.F64Eq).Op(Opcode.Select);
    }

    private void Push(ValueType type, int depth)
    {
        // A statement between operands makes the engine keep what waits on the stack.
        if (depth > 1 && _random.Chance(4))
            Statement(1);

        switch (--_budget < 0 || depth <= 0 ? _random.Below(6) : _random.Below(22))
        {
            case 0 or 1 or 2:
                if (TryLocal(type, out var read))
                    _code.Get(read);
                else
                    _code.Const(type, _random.Value(type));

                break;
            case 3 or 4 or 5:
                _code.Const(type, _random.Value(type));
                break;
            case 6 or 7 or 8:
                PushNumeric(type, depth);
                break;
            case 9 or 10 or 11:
                PushSum(type, depth);
                break;
            case 12 or 13:
                PushAddress(depth - 1);
                WriteMemoryArgument(_random.Pick<Opcode>(s_loads[type]));
                break;
            case 14:
                Push(type, depth - 1);

                if (TryLocal(type, out var kept))
                    _code.Tee(kept);

                break;
            case 15:
                Push(type, depth - 1);
                Push(type, depth - 1);
                PushCondition();
                _code.Op(Opcode.Select);
                break;
            case 16:
                PushBlock(type, depth);
                break;
            case 17:
                PushIf(type, depth);
                break;
            case 18:
                PushGlobal(type);
                break;
            case 19:
                PushLeaf(type, depth);
                break;
            case 20 when type == ValueType.I32:
                PushMemory();
                break;
            default:
                PushExtension(type, depth);
                break;
        }
    }

    private void PushNumeric(ValueType type, int depth)
    {
        var opcode = _random.Pick<Opcode>(s_numeric[type]);

        // Most calls would end in a trap otherwise.
        if (opcode is >= Opcode.I32TruncF32S and <= Opcode.I32TruncF64U && _random.Chance(90))
            opcode = Opcode.I32TruncSatF32S + (opcode - Opcode.I32TruncF32S);
        else if (opcode is >= Opcode.I64TruncF32S and <= Opcode.I64TruncF64U && _random.Chance(90))
            opcode = Opcode.I64TruncSatF32S + (opcode - Opcode.I64TruncF32S);

        var operands = Opcodes.Find(opcode)!.Operands;

        foreach (var operand in operands)
            Push(operand, depth - 1);

        if (opcode is >= Opcode.I32DivS and <= Opcode.I32RemU && _random.Chance(90))
            _code.I32(1).Op(Opcode.I32Or);
        else if (opcode is >= Opcode.I64DivS and <= Opcode.I64RemU && _random.Chance(90))
            _code.I64(1).Op(Opcode.I64Or);
        else if (opcode is Opcode.I32ReinterpretF32 or Opcode.I64ReinterpretF64 or Opcode.F32Copysign or Opcode.F64Copysign)
            Clean(operands[^1]);

        _code.Op(opcode);
    }

    /// <summary>Sums with constants and shifts by constants, one on top of the other.</summary>
    private void PushSum(ValueType type, int depth)
    {
        if (type is ValueType.F32 or ValueType.F64)
        {
            PushNumeric(type, depth);
            return;
        }

        var isWide = type == ValueType.I64;
        Push(type, depth - 1);

        for (var count = _random.Between(1, 3); count > 0; count--)
        {
            var opcode = isWide
                ? _random.Pick(Opcode.I64Add, Opcode.I64Add, Opcode.I64Sub, Opcode.I64Shl, Opcode.I64ShrS, Opcode.I64ShrU, Opcode.I64And, Opcode.I64Mul, Opcode.I64Rotl)
                : _random.Pick(Opcode.I32Add, Opcode.I32Add, Opcode.I32Sub, Opcode.I32Shl, Opcode.I32ShrS, Opcode.I32ShrU, Opcode.I32And, Opcode.I32Mul, Opcode.I32Rotl);

            _code.Const(type, _random.Chance(30) ? 32 : _random.Value(type)).Op(opcode);
        }
    }

    private void PushExtension(ValueType type, int depth)
    {
        switch (type)
        {
            case ValueType.I32:
                Push(ValueType.I64, depth - 1);
                _code.Op(Opcode.I32WrapI64);
                break;
            case ValueType.I64:
                Push(ValueType.I32, depth - 1);
                _code.Op(_random.Chance(70) ? Opcode.I64ExtendI32U : Opcode.I64ExtendI32S);
                break;
            case ValueType.F32:
                Push(ValueType.F64, depth - 1);
                _code.Op(Opcode.F32DemoteF64);
                break;
            default:
                Push(ValueType.F32, depth - 1);
                _code.Op(Opcode.F64PromoteF32);
                break;
        }
    }

    /// <summary>A comparison, perhaps negated, or any number.</summary>
    private void PushCondition()
    {
        if (_random.Chance(10))
        {
            Push(ValueType.I32, 1);
        }
        else
        {
            var opcode = _random.Pick<Opcode>(s_comparisons);

            foreach (var operand in Opcodes.Find(opcode)!.Operands)
                Push(operand, _random.Below(3));

            _code.Op(opcode);
        }

        while (_random.Chance(35))
            _code.Op(Opcode.I32Eqz);
    }

    /// <summary>Mostly places near SP, as Go writes them, and sometimes the ends of the memory.</summary>
    private void PushAddress(int depth)
    {
        switch (_random.Below(12))
        {
            case 0 or 1 or 2 or 3:
                _code.Get(StackPointer);
                break;
            case 4 or 5 or 6:
                _code.Get(StackPointer).Op(Opcode.I64ExtendI32U).I64(_random.Chance(90) ? 4 * _random.Between(-4, 40) : (long)_random.Bits64()).Op(Opcode.I64Add).Op(Opcode.I32WrapI64);
                break;
            case 7:
                _code.Get(StackPointer).I32(_random.Chance(80) ? _random.Between(-64, 64) : (int)_random.Bits32()).Op(_random.Pick(Opcode.I32Add, Opcode.I32Sub));
                break;
            case 8 or 9:
                Push(ValueType.I64, depth);
                _code.I64(0xFFF8).Op(Opcode.I64And).Op(Opcode.I32WrapI64);
                break;
            case 10:
                _code.I32(_random.Chance(70) ? _random.Between(0, 65535) : (int)_random.Bits32());
                break;
            default:
                Push(ValueType.I32, depth);

                if (_random.Chance(80))
                    _code.I32(0xFFFF).Op(Opcode.I32And);

                break;
        }
    }

    private void WriteMemoryArgument(Opcode opcode)
    {
        var offset = _random.Below(20) switch
        {
            0 => _random.Bits32(),
            1 => (uint)_random.Between(65_500, 65_540),
            < 8 => 0U,
            _ => (uint)(_random.Below(32) * 4),
        };

        _code.Op(opcode, 0).U32(offset);
    }

    /// <summary>A block that is left early with the value, or not.</summary>
    private void PushBlock(ValueType type, int depth)
    {
        var isLoop = _random.Chance(15);
        Enter(isLoop ? Opcode.Loop : Opcode.Block, type);

        if (_random.Chance(40))
            Statement(depth - 1);

        Push(type, depth - 1);

        if (!isLoop && _random.Chance(70))
        {
            PushCondition();
            _code.Op(Opcode.BrIf, 0).Op(Opcode.Drop);
            Push(type, depth - 1);
        }

        Leave();
    }

    private void PushIf(ValueType type, int depth)
    {
        PushCondition();
        Enter(Opcode.If, type);
        Push(type, depth - 1);
        _code.Op(Opcode.Else);

        if (_random.Chance(30))
            Statement(depth - 1);

        Push(type, depth - 1);
        Leave();
    }

    private void PushGlobal(ValueType type)
    {
        var start = _random.Below(GoLayout.Globals.Length);

        for (var i = 0; i < GoLayout.Globals.Length; i++)
        {
            var index = (start + i) % GoLayout.Globals.Length;

            if (GoLayout.Globals[index] == type)
            {
                _code.Op(Opcode.GlobalGet, _layout.Global(index));
                return;
            }
        }
    }

    private void PushLeaf(ValueType type, int depth)
    {
        for (var i = 0; i < _layout.Leaves; i++)
        {
            var (parameters, results) = GoLayout.Types[GoLayout.TypeOfLeaf(i)];

            if (results[0] == type)
            {
                foreach (var parameter in parameters)
                    Push(parameter, depth - 1);

                _code.Op(Opcode.Call, _layout.Leaf(i));
                return;
            }
        }

        Push(type, 0);
    }

    private void PushMemory()
    {
        if (_random.Chance(80))
            _code.Op(Opcode.MemorySize, 0);
        else
            _code.I32(_random.Chance(80) ? _random.Below(3) : (int)_random.Bits32()).Op(Opcode.MemoryGrow, 0);
    }
}
