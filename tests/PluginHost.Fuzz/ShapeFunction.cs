using PluginHost.Wasm.Binary;

namespace PluginHost.Fuzz;

/// <summary>One function of type (i32) → (i32) in Go's shape. Locals: 0 PC_B, 1 SP, then 64-bit registers, two doubles, two words.</summary>
internal sealed class ShapeFunction(Random random, uint functions)
{
    private const uint SelectorLocal = 0;
    private const uint StackPointer = 1;
    private const uint FirstRegister = 2;
    private const uint Registers = 5;
    private const uint FirstDouble = FirstRegister + Registers;
    private const uint FirstWord = FirstDouble + 2;

    private readonly CodeWriter _code = new();
    private int _blocks;
    private int _depth;

    /// <summary>How many structured instructions stand between the code and the dispatch loop.</summary>
    private int _toLoop;

    private int _budget = 60;

    public byte[] Build()
    {
        _blocks = random.Next(1, 7);
        var hasUnwind = random.Next(8) != 0;
        var hasLoop = random.Next(10) != 0;
        _code.Op(Opcode.GlobalGet, 0).Op(Opcode.LocalSet, Rarely(StackPointer, FirstWord));

        if (hasUnwind)
            _code.Enter(Opcode.Block);

        if (hasLoop)
            _code.Enter(Opcode.Loop);

        for (var i = 0; i <= _blocks; i++)
            _code.Enter(Opcode.Block);

        if (random.Next(12) == 0)
            Statement();

        _code.Op(Opcode.LocalGet, Rarely(SelectorLocal, FirstWord));
        _code.BrTable([.. Enumerable.Range(0, _blocks + random.Next(0, 3)).Select(i => (uint)Math.Min(random.Next(6) == 0 ? random.Next(_blocks + 1) : i, _blocks))]);

        for (var i = 0; i <= _blocks; i++)
        {
            _code.End();
            _toLoop = _blocks - i;
            _depth = _toLoop + (hasLoop ? 1 : 0) + (hasUnwind ? 1 : 0);
            Step();

            if (i == 0 && random.Next(5) != 0)
                Prologue();

            for (var statements = random.Next(1, 6); statements > 0; statements--)
                Statement();

            if (random.Next(3) == 0 && hasLoop)
                Jump(0);
            else if (random.Next(4) == 0)
                Return();
        }

        if (random.Next(3) != 0)
            Return();

        if (hasLoop)
        {
            if (random.Next(3) == 0)
                Jump(0);

            _code.End();
        }

        if (hasUnwind)
        {
            if (random.Next(2) == 0)
                _code.Op(Opcode.Unreachable);

            _code.End();
        }

        _code.Const32(random.Next(6) == 0 ? random.Next(-3, 5) : 1).End();

        return [4, 1, 0x7F, (byte)Registers, 0x7E, 2, 0x7C, 2, 0x7F, .. _code.ToArray()];
    }

    private uint Rarely(uint usual, uint other) => random.Next(25) == 0 ? other : usual;

    private uint Register() => FirstRegister + (uint)random.Next((int)Registers);

    private uint Word() => random.Next(6) == 0 ? StackPointer : random.Next(10) == 0 ? SelectorLocal : FirstWord + (uint)random.Next(2);

    /// <summary>Ends the call when the budget of steps is used up, so that every program ends.</summary>
    private void Step() => _code.Op(Opcode.GlobalGet, 3).Const32(1).Op(Opcode.I32Sub).Op(Opcode.GlobalSet, 3)
        .Op(Opcode.GlobalGet, 3).Const32(0).Op(Opcode.I32LeS).Enter(Opcode.If).Op(Opcode.Unreachable).End();

    private void Prologue()
    {
        if (random.Next(2) == 0)
        {
            _code.Op(Opcode.LocalGet, StackPointer).Op(Opcode.GlobalGet, 2).Op(Opcode.I32WrapI64).Memory(Opcode.I32Load, 16)
                .Op(random.Next(4) == 0 ? Opcode.I32GtU : Opcode.I32LeU).Enter(Opcode.If);
            _depth++;
            _toLoop++;

            if (random.Next(2) == 0)
                CallSequence();
            else
                Statement();

            _depth--;
            _toLoop--;
            _code.End();
        }

        MoveStackPointer(-8 * random.Next(1, 12));
    }

    private void MoveStackPointer(int by)
    {
        var source = Rarely(StackPointer, FirstWord);
        _code.Op(Opcode.LocalGet, source);

        if (random.Next(2) == 0)
            _code.Const32(-by).Op(Opcode.I32Sub);
        else
            _code.Const32(by).Op(Opcode.I32Add);

        _code.Op(Opcode.LocalTee, Rarely(StackPointer, FirstWord + 1));

        if (random.Next(15) == 0)
            _code.Op(Opcode.Drop);
        else
            _code.Op(Opcode.GlobalSet, random.Next(25) == 0 ? 3u : 0);
    }

    private void CallSequence()
    {
        if (random.Next(10) != 0)
            MoveStackPointer(-8);

        if (random.Next(10) != 0)
            _code.Op(Opcode.LocalGet, Rarely(StackPointer, FirstWord)).Const64(random.Next(10) == 0 ? random.NextInt64() : random.Next(0x10000)).Memory(Opcode.I64Store, (uint)(random.Next(10) == 0 ? 8 : 0));

        var isIndirect = random.Next(4) == 0;

        if (random.Next(8) == 0)
            Word32(2);
        else
            _code.Const32(random.Next(6) == 0 ? random.Next(9) : 0);

        if (isIndirect)
        {
            _code.Const32(random.Next(8) == 0 ? random.Next(40) : 16 + random.Next((int)functions)).Op(Opcode.CallIndirect, 0, 0);
        }
        else
        {
            _code.Op(Opcode.Call, (uint)random.Next((int)functions));
        }

        if (random.Next(10) != 0)
            _code.Op(Opcode.GlobalGet, random.Next(20) == 0 ? 3u : 0).Op(Opcode.LocalSet, Rarely(StackPointer, FirstWord));

        switch (random.Next(8))
        {
            case 0:
                _code.Op(Opcode.Drop);
                break;
            case 1:
                _code.Op(Opcode.LocalSet, Word());
                break;
            case 2:
                _code.Enter(Opcode.If).Op(Opcode.Unreachable).End();
                break;
            case 3:
                _code.Op(Opcode.Return);
                break;
            default:
                _code.Op(Opcode.BrIf, (uint)Math.Max(_depth - 1, 0));
                break;
        }
    }

    private void Return()
    {
        if (random.Next(6) != 0)
            MoveStackPointer(8 * random.Next(1, 12));

        if (random.Next(3) == 0)
            MoveStackPointer(8);

        if (random.Next(8) == 0)
            Word32(2);
        else
            _code.Const32(random.Next(8) == 0 ? 1 : 0);

        _code.Op(Opcode.Return);
    }

    /// <summary>A jump through the dispatch loop.</summary>
    private void Jump(int extraDepth)
    {
        if (random.Next(10) != 0)
            _code.Const32(random.Next(8) == 0 ? random.Next(-2, 12) : random.Next(_blocks + 1)).Op(Opcode.LocalSet, Rarely(SelectorLocal, FirstWord));

        if (random.Next(12) == 0)
            Statement();

        _code.Op(Opcode.Br, (uint)(_toLoop + extraDepth));
    }

    private void Statement()
    {
        if (--_budget < 0)
        {
            _code.Op(Opcode.Nop);
            return;
        }

        switch (random.Next(17))
        {
            case 0 or 1:
                Long(3);
                _code.Op(Opcode.LocalSet, Register());
                break;
            case 2 or 3:
                _code.Op(Opcode.LocalGet, StackPointer);
                Long(2);
                _code.Memory(random.Next(4) == 0 ? Opcode.I64Store32 : Opcode.I64Store, (uint)random.Next(0, 96));
                break;
            case 4:
                Address();
                Long(2);
                _code.Memory(random.Next(3) switch { 0 => Opcode.I64Store8, 1 => Opcode.I64Store16, _ => Opcode.I64Store }, (uint)random.Next(0, 64));
                break;
            case 5 or 6:
                Conditional();
                break;
            case 7 or 8:
                CallSequence();
                break;
            case 9:
                MoveStackPointer(8 * random.Next(-6, 7));
                break;
            case 10:
                Word32(3);
                _code.Op(Opcode.LocalSet, Word());
                break;
            case 11:
                // Values that wait on the operand stack while locals and control flow change.
                _code.Op(Opcode.LocalGet, FirstRegister).Op(Opcode.LocalGet, FirstRegister + 1);
                Long(2);
                _code.Op(Opcode.LocalSet, FirstRegister);
                NestedBlock();
                _code.Op(Opcode.I64Sub).Op(Opcode.LocalSet, Register());
                break;
            case 12:
                Real();
                _code.Op(Opcode.LocalSet, FirstDouble + (uint)random.Next(2));
                break;
            case 13:
                Long(2);
                _code.Op(Opcode.GlobalSet, random.Next(2) == 0 ? 1u : 4);
                break;
            case 14:
                _code.Const32(random.Next(3) == 0 ? 1 : 0).Op(Opcode.MemoryGrow, 0).Op(Opcode.LocalSet, FirstWord);
                break;
            case 15:
                _code.Const32(random.Next(0, 60_000)).Const32(random.Next(0, 60_000)).Const32(random.Next(0, 200)).Op(Opcode.MemoryCopy, 0, 0);
                break;
            default:
                Loop();
                break;
        }
    }

    private void Conditional()
    {
        Condition();

        if (random.Next(3) == 0)
            _code.Op(Opcode.I32Eqz);

        if (random.Next(5) == 0 && _depth > 0)
        {
            _code.Op(Opcode.BrIf, (uint)random.Next(_depth));
            return;
        }

        _code.Enter(Opcode.If);
        _depth++;
        _toLoop++;

        if (random.Next(2) == 0)
            Jump(0);
        else
            Statement();

        if (random.Next(3) == 0)
        {
            _code.Op(Opcode.Else);
            Statement();
        }

        _depth--;
        _toLoop--;
        _code.End();
    }

    private void NestedBlock()
    {
        _code.Enter(Opcode.Block);
        _depth++;
        _toLoop++;
        Statement();
        _depth--;
        _toLoop--;
        _code.End();
    }

    /// <summary>A loop of the kind that other compilers emit.</summary>
    private void Loop()
    {
        _code.Enter(Opcode.Loop);
        _depth++;
        _toLoop++;
        Step();
        Statement();
        Condition();
        _code.Op(Opcode.BrIf, 0);
        _depth--;
        _toLoop--;
        _code.End();
    }

    private void Condition()
    {
        switch (random.Next(4))
        {
            case 0:
                Long(2);
                _code.Op(Opcode.I64Eqz);
                break;
            case 1:
                Long(2);
                Long(2);
                _code.Op(OneOf(Opcode.I64Eq, 10));
                break;
            case 2:
                Word32(2);
                Word32(2);
                _code.Op(OneOf(Opcode.I32Eq, 10));
                break;
            default:
                Real();
                Real();
                _code.Op(OneOf(Opcode.F64Eq, 6));
                break;
        }
    }

    /// <summary>A 32-bit address, mostly in the memory.</summary>
    private void Address()
    {
        switch (random.Next(4))
        {
            case 0:
                _code.Op(Opcode.LocalGet, StackPointer).Op(Opcode.I64ExtendI32U).Const64(random.Next(-40, 120)).Op(Opcode.I64Add).Op(Opcode.I32WrapI64);
                break;
            case 1:
                _code.Op(Opcode.LocalGet, Register()).Const64(0x1_FFF8).Op(Opcode.I64And).Op(Opcode.I32WrapI64);
                break;
            case 2:
                _code.Op(Opcode.LocalGet, Register()).Const64(0x7FF8).Op(Opcode.I64And).Op(Opcode.LocalTee, Register()).Const64(random.Next(-8, 64)).Op(Opcode.I64Add).Op(Opcode.I32WrapI64);
                break;
            default:
                _code.Const32(random.Next(0, 131_080));
                break;
        }
    }

    private void Long(int depth)
    {
        if (depth == 0 || random.Next(4) == 0)
        {
            if (random.Next(3) == 0)
                _code.Const64(random.Next(8) switch { 0 => long.MinValue, 1 => -1, 2 => 32, 3 => random.NextInt64(), _ => random.Next(-100, 100) });
            else
                _code.Op(Opcode.LocalGet, Register());

            return;
        }

        switch (random.Next(12))
        {
            case 0 or 1:
                _code.Op(Opcode.LocalGet, StackPointer).Memory(random.Next(5) == 0 ? Opcode.I64Load32U : Opcode.I64Load, (uint)random.Next(0, 96));
                break;
            case 2:
                Address();
                _code.Memory(Opcode.I64Load, (uint)random.Next(0, 64));
                break;
            case 3:
                Long(depth - 1);
                _code.Const64(32).Op(Opcode.I64Shl).Const64(random.Next(6) == 0 ? 31 : 32).Op(Opcode.I64ShrS);
                break;
            case 4:
                Word32(depth - 1);
                _code.Op(random.Next(2) == 0 ? Opcode.I64ExtendI32S : Opcode.I64ExtendI32U);
                break;
            case 5:
                Long(depth - 1);
                Long(depth - 1);
                Condition();
                _code.Op(Opcode.Select);
                break;
            case 6:
                Long(depth - 1);
                _code.Op(Opcode.LocalTee, Register());
                break;
            case 7:
                // Division by what is never 0 or −1.
                Long(depth - 1);
                Long(depth - 1);
                _code.Const64(0xFFFF).Op(Opcode.I64And).Const64(1).Op(Opcode.I64Or).Op(OneOf(Opcode.I64DivS, 4));
                break;
            case 8:
                _code.Op(Opcode.GlobalGet, random.Next(3) switch { 0 => 1u, 1 => 2, _ => 4 });
                break;
            case 9:
                Long(depth - 1);
                _code.Const64(random.Next(-20, 20)).Op(random.Next(2) == 0 ? Opcode.I64Add : Opcode.I64Sub);
                break;
            default:
                Long(depth - 1);
                Long(depth - 1);
                _code.Op(random.Next(8) switch
                {
                    0 => Opcode.I64Add,
                    1 => Opcode.I64Sub,
                    2 => Opcode.I64Mul,
                    3 => Opcode.I64And,
                    4 => Opcode.I64Or,
                    5 => Opcode.I64Xor,
                    6 => Opcode.I64ShrU,
                    _ => Opcode.I64Rotl,
                });
                break;
        }
    }

    private void Word32(int depth)
    {
        if (depth == 0 || random.Next(3) == 0)
        {
            if (random.Next(3) == 0)
                _code.Const32(random.Next(6) switch { 0 => int.MinValue, 1 => -1, _ => random.Next(-100, 100) });
            else
                _code.Op(Opcode.LocalGet, Word());

            return;
        }

        switch (random.Next(6))
        {
            case 0:
                Long(depth - 1);
                _code.Op(Opcode.I32WrapI64);
                break;
            case 1:
                Condition();
                break;
            case 2:
                _code.Op(Opcode.LocalGet, StackPointer).Memory(random.Next(3) switch { 0 => Opcode.I32Load8U, 1 => Opcode.I32Load16S, _ => Opcode.I32Load }, (uint)random.Next(0, 64));
                break;
            case 3:
                Word32(depth - 1);
                _code.Op(Opcode.LocalTee, FirstWord + (uint)random.Next(2));
                break;
            default:
                Word32(depth - 1);
                Word32(depth - 1);
                _code.Op(random.Next(7) switch
                {
                    0 => Opcode.I32Add,
                    1 => Opcode.I32Sub,
                    2 => Opcode.I32Mul,
                    3 => Opcode.I32And,
                    4 => Opcode.I32Xor,
                    5 => Opcode.I32Shl,
                    _ => Opcode.I32ShrS,
                });
                break;
        }
    }

    private Opcode OneOf(Opcode first, int count) => (Opcode)((int)first + random.Next(count));

    /// <summary>Never a NaN: converted integers, sums and products of them.</summary>
    private void Real()
    {
        Word32(1);
        _code.Op(Opcode.F64ConvertI32S);

        if (random.Next(2) == 0)
            _code.ConstDouble(random.Next(4) == 0 ? 1.0 : random.Next(-50, 50) / 4.0).Op(random.Next(3) switch { 0 => Opcode.F64Add, 1 => Opcode.F64Sub, _ => Opcode.F64Mul });
    }
}
