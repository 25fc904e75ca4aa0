using System.Runtime.InteropServices;

namespace PluginHost.Wasm.Interpreter;

/// <summary>
/// The register code of one function while it is made: instructions, labels, and the jumps to be filled in at the end. The last instructions may be looked at
/// again and replaced by a shorter sequence, but only back to the last place that a jump can reach.
/// </summary>
internal sealed class CodeBuffer
{
    private Instruction[] _code = new Instruction[256];
    private readonly List<int> _labels = [];
    private readonly List<bool> _isReferenced = [];
    private readonly List<Fixup> _fixups = [];
    private int _barrier;
    private int _lastDefinition = -1;

    public int Count { get; private set; }

    /// <summary>How many instructions at the end may be looked at.</summary>
    private int Visible => Count - _barrier;

    public void Emit(Instruction instruction)
    {
        if (Count == _code.Length)
            Array.Resize(ref _code, Count * 2);

        _code[Count++] = instruction;
    }

    /// <summary>Emits an instruction that does nothing but compute A.</summary>
    public void EmitDefinition(Instruction instruction)
    {
        _lastDefinition = Count;
        Emit(instruction);
    }

    public void EmitJump(Instruction jump, int label)
    {
        Refer(label, Count, -1);
        Emit(jump);
    }

    /// <summary>Emits a jump by table, whose targets are to be set; the last is the default.</summary>
    public int EmitTable(int index, int targets)
    {
        var table = Count;
        Emit(new Instruction(Operation.BranchTable, index, 0, 0, (ulong)(targets - 1)));

        for (var i = 0; i < targets; i += 4)
            Emit(default);

        _barrier = Count;
        return table;
    }

    public void SetTableTarget(int table, int target, int label) => Refer(label, table, target);

    public int NewLabel()
    {
        _labels.Add(-1);
        _isReferenced.Add(false);
        return _labels.Count - 1;
    }

    /// <summary>Puts a label here that is only jumped to from what stands before it, or from where other jumps to it stand before it.</summary>
    public void Bind(int label)
    {
        _labels[label] = Count;

        if (_isReferenced[label])
            _barrier = Count;
    }

    /// <summary>Puts a label here that jumps may still come to.</summary>
    public void BindTarget(int label)
    {
        _isReferenced[label] = true;
        Bind(label);
    }

    /// <summary>Makes the last instruction compute another slot, if computing <paramref name="from"/> is all that it does.</summary>
    public bool TryRetarget(int from, int to)
    {
        if (!IsDefinition(from))
            return false;

        _code[Count - 1].A = (ushort)to;
        return true;
    }

    /// <summary>Takes the last instruction away if it is a definition of the slot by this operation and constant.</summary>
    public bool TryTakeDefinition(Operation operation, int slot, ulong immediate, out Instruction definition)
    {
        definition = Count > 0 ? _code[Count - 1] : default;

        if (!IsDefinition(slot) || definition.Operation != operation || definition.Immediate != immediate)
            return false;

        RemoveLast(1);
        return true;
    }

    /// <summary>Turns the last instruction into its opposite if it is an integer comparison that gives the slot.</summary>
    public bool TryNegateComparison(int slot) => IsDefinition(slot) && Condition.TryNegate(ref _code[Count - 1]);

    /// <summary>Takes the comparison that gives the slot away, for a jump that compares itself.</summary>
    public bool TryTakeCondition(int slot, bool whenTrue, out Instruction jump)
    {
        jump = default;

        if (!IsDefinition(slot))
            return false;

        var last = _code[Count - 1];

        // The opposite of a comparison of floats is no comparison, but there is a jump for it.
        if (last.Operation == Operation.I32Eqz && last.B == slot && Visible >= 2 && _code[Count - 2].A == slot
            && _code[Count - 2].Operation is >= Operation.F32Eq and <= Operation.F64Ge && Condition.TryMakeJump(_code[Count - 2], !whenTrue, out jump))
        {
            RemoveLast(2);
            return true;
        }

        if (!Condition.TryMakeJump(last, whenTrue, out jump))
            return false;

        RemoveLast(1);
        TryFuseStackCheck(ref jump, slot);
        return true;
    }

    /// <summary>Takes a constant that was just assigned to a local.</summary>
    public bool TryPeekConst(int local, out ulong value)
    {
        value = Visible > 0 ? _code[Count - 1].Immediate : 0;
        return IsDefinition(local) && _code[Count - 1].Operation == Operation.Const;
    }

    /// <summary>The last instruction, if it may be looked at and has the operation.</summary>
    public bool TryPeek(Operation operation, out Instruction instruction)
    {
        instruction = Visible > 0 ? _code[Count - 1] : default;
        return Visible > 0 && instruction.Operation == operation;
    }

    public void RemoveLast(int count)
    {
        Count -= count;
        _lastDefinition = -1;
    }

    /// <summary>
    /// Where the last instruction is a conditional jump to <paramref name="from"/> around the place here, makes it the opposite jump to <paramref name="to"/>.
    /// </summary>
    public bool TryRedirectLastJump(int from, int to)
    {
        if (Visible < 1 || _fixups.Count == 0)
            return false;

        var fixup = _fixups[^1];

        if (fixup.Instruction != Count - 1 || fixup.Target >= 0 || fixup.Label != from || !Condition.TryNegateJump(ref _code[Count - 1]))
            return false;

        _fixups.RemoveAt(_fixups.Count - 1);
        _isReferenced[from] = false;
        Refer(to, Count - 1, -1);
        return true;
    }

    /// <summary>Fills in the jumps.</summary>
    public ReadOnlySpan<Instruction> Finish()
    {
        foreach (var fixup in _fixups)
        {
            var distance = _labels[fixup.Label] - (fixup.Instruction + 1);

            if (fixup.Target < 0)
                _code[fixup.Instruction].Jump = distance;
            else
                MemoryMarshal.Cast<Instruction, int>(_code.AsSpan(fixup.Instruction + 1))[fixup.Target] = distance;
        }

        return _code.AsSpan(0, Count);
    }

    /// <summary>Makes the buffer ready for another function.</summary>
    public void Clear()
    {
        Count = 0;
        _barrier = 0;
        _lastDefinition = -1;
        _labels.Clear();
        _isReferenced.Clear();
        _fixups.Clear();
    }

    private bool IsDefinition(int slot) => Visible > 0 && _lastDefinition == Count - 1 && _code[Count - 1].A == slot;

    private void Refer(int label, int instruction, int target)
    {
        _isReferenced[label] = true;
        _fixups.Add(new Fixup(label, instruction, target));
    }

    /// <summary>Go's test at the head of a function: SP against the stack's end, which stands in memory behind a global.</summary>
    private void TryFuseStackCheck(ref Instruction jump, int slot)
    {
        if (jump.Operation != Operation.JumpIfI32LtU || Visible < 2)
            return;

        var load = _code[Count - 1];
        var get = _code[Count - 2];

        if (load.Operation != Operation.I32Load || get.Operation != Operation.GlobalGet || load.A != jump.A || load.B != jump.A || get.A != jump.A
            || jump.A == jump.B || load.Low != 0 || load.High > ushort.MaxValue || get.Low > ushort.MaxValue || jump.A < slot)
        {
            return;
        }

        RemoveLast(2);
        jump = new Instruction(Operation.GoStackCheck, jump.B, (int)get.Low, (int)load.High);
    }

    /// <summary>A jump to be filled in: of an instruction, or of one target of a table.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Fixup(int Label, int Instruction, int Target);
}
