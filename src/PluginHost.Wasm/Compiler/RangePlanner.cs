using PluginHost.Wasm.Binary;
using PluginHost.Wasm.Modules;

namespace PluginHost.Wasm.Compiler;

/// <summary>
/// Looks for accesses of a Go function that are made through the same pointer, as those of a struct's fields are, and that follow one another: wherever the first
/// is made, the others are further down the same way. What is known of a local ends where ways meet.
/// </summary>
internal sealed class RangePlanner
{
    private const int Unset = -1;
    private const uint Sp = 1;

    /// <summary>Fields further away are none of the same struct's.</summary>
    private const int MaximumDistance = 4_096;

    private readonly FunctionRecording _recording;
    private readonly GoFunction _go;
    private readonly bool _isResume;
    private readonly WasmModule _module;
    private readonly ValueTable _values = new();
    private readonly List<int> _stack = [];
    private readonly Stack<Frame> _frames = [];
    private readonly List<int> _scopeParents = [Unset];
    private readonly SortedDictionary<int, List<Access>> _accesses = [];
    private readonly int[] _assigned;
    private readonly int _sp;
    private int[] _locals;
    private int _scope;
    private int _statement;
    private int _block;

    private RangePlanner(FunctionRecording recording, GoFunction go, bool isResume, WasmModule module)
    {
        _recording = recording;
        _go = go;
        _isResume = isResume;
        _module = module;
        _sp = _values.Unknown();
        _locals = new int[recording.LocalCount];
        _assigned = new int[recording.LocalCount];
        Forget();
    }

    /// <param name="isResume">Whether the function may be entered at any of its blocks.</param>
    public static RangePlan Plan(FunctionRecording recording, GoFunction go, bool isResume, WasmModule module)
    {
        var planner = new RangePlanner(recording, go, isResume, module);

        for (var i = 0; i < recording.Instructions.Count; i++)
            planner.Follow(i);

        var plan = new RangePlan();

        foreach (var accesses in planner._accesses.Values)
            planner.Choose(accesses, plan);

        LocalLiveness.Find(recording, go, plan);
        return plan;
    }

    private void Follow(int index)
    {
        var instruction = _recording.Instructions[index];

        if (_stack.Count == 0)
            _statement = index;

        if (instruction.IsLoad)
        {
            NoteAccess(index, instruction, Pop());
            Push(_values.Unknown());
        }
        else if (instruction.IsStore)
        {
            Pop();
            NoteAccess(index, instruction, Pop());
        }
        else if (instruction.IsNumeric)
        {
            Compute(instruction.Opcode);
        }
        else
        {
            FollowOther(index, instruction);
        }
    }

    private void FollowOther(int index, in RecordedInstruction instruction)
    {
        switch (instruction.Opcode)
        {
            case Opcode.Block or Opcode.Loop:
                _frames.Push(new Frame(instruction.Opcode, _stack.Count, _scope, _locals));
                break;
            case Opcode.If:
                Pop();
                _frames.Push(new Frame(instruction.Opcode, _stack.Count, _scope, [.. _locals]));
                EnterScope(_scope);
                break;
            case Opcode.Else:
                StartElse(instruction.First != 0);
                break;
            case Opcode.End:
                EndFrame(isReached: instruction.First != 0);
                break;
            case Opcode.Br or Opcode.Return or Opcode.Unreachable:
                break;
            case Opcode.BrIf or Opcode.BrTable or Opcode.Drop or Opcode.GlobalSet or Opcode.TableGrow:
                Pop();

                if (instruction.Opcode == Opcode.TableGrow)
                    Replace(1);

                break;
            case Opcode.Call:
                Call(_module.FunctionType(instruction.First));
                break;
            case Opcode.CallIndirect:
                Pop();
                Call(_module.Types[(int)instruction.First]);
                break;
            case Opcode.ReturnCall or Opcode.ReturnCallIndirect:
                break;
            case Opcode.Select:
                Pop(2);
                Replace(1);
                break;
            case Opcode.LocalGet:
                Push(instruction.First == Sp ? _sp : Local(instruction.First));
                break;
            case Opcode.LocalSet:
                Assign(index, instruction.First, Pop());
                break;
            case Opcode.LocalTee:
                Assign(index, instruction.First, _stack[^1]);
                break;
            case Opcode.GlobalGet:
                Push(instruction.First == 0 ? _sp : _values.Unknown());
                break;
            case Opcode.I32Const or Opcode.I64Const:
                Push(_values.Const(instruction.Opcode, instruction.Bits));
                break;
            case Opcode.F32Const or Opcode.F64Const or Opcode.RefNull or Opcode.RefFunc or Opcode.MemorySize or Opcode.TableSize:
                Push(_values.Unknown());
                break;
            case Opcode.RefIsNull or Opcode.MemoryGrow or Opcode.TableGet:
                Replace(1);
                break;
            case Opcode.TableSet:
                Pop(2);
                break;
            case Opcode.MemoryInit or Opcode.MemoryCopy or Opcode.MemoryFill or Opcode.TableFill or Opcode.TableCopy or Opcode.TableInit:
                Pop(3);
                break;
        }
    }

    private void Compute(Opcode opcode)
    {
        var info = Opcodes.Find(opcode)!;
        var isInteger = info.Results[0] is ValueType.I32 or ValueType.I64 && Array.TrueForAll(info.Operands, type => type is ValueType.I32 or ValueType.I64);

        if (!isInteger)
        {
            Replace(info.Operands.Length);
            return;
        }

        var second = info.Operands.Length == 2 ? Pop() : Unset;
        Push(_values.Operation(opcode, Pop(), second));
    }

    private void Call(FunctionType type)
    {
        Pop(type.Parameters.Length);

        for (var i = 0; i < type.Results.Length; i++)
            Push(_values.Unknown());
    }

    private int Local(uint local)
    {
        if (_locals[local] == Unset)
            _locals[local] = _values.Unknown();

        return _locals[local];
    }

    private void Assign(int index, uint local, int value)
    {
        _locals[local] = value;
        _assigned[local] = index;
    }

    private void StartElse(bool isReached)
    {
        var frame = _frames.Pop();
        _frames.Push(frame with { FirstArm = isReached ? _locals : null, HasElse = true });
        _locals = [.. frame.Locals];
        Truncate(frame.Height);
        EnterScope(frame.Scope);
    }

    private void EndFrame(bool isReached)
    {
        if (!_frames.TryPop(out var frame))
            return;

        Truncate(frame.Height);

        if (frame.Opcode == Opcode.If)
            Meet(frame, isReached);
        else if (frame.Opcode == Opcode.Block && _go.HasDispatch && _block < _go.Blocks.Length)
            StartBlock(isReached);
    }

    /// <summary>Behind an <c>if</c>: a local is what it was before where every way that comes here has left it so.</summary>
    private void Meet(in Frame frame, bool isReached)
    {
        var other = frame.HasElse ? frame.FirstArm : frame.Locals;
        _scope = frame.Scope;

        if (!isReached)
        {
            _locals = other ?? _locals;
            return;
        }

        if (other is null)
            return;

        for (var i = 0; i < _locals.Length; i++)
        {
            if (_locals[i] != other[i])
                _locals[i] = Unset;
        }
    }

    private void StartBlock(bool isReached)
    {
        if (_isResume || !isReached || _go.Blocks[_block].IsJumpTarget)
        {
            Forget();
            EnterScope(Unset);
        }

        _block++;
    }

    private void Forget() => Array.Fill(_locals, Unset);

    private void EnterScope(int parent)
    {
        _scope = _scopeParents.Count;
        _scopeParents.Add(parent);
    }

    private void NoteAccess(int index, in RecordedInstruction instruction, int address)
    {
        var (root, addend) = _values.Address(address);

        if (root is ValueTable.NoRoot || root == _sp || instruction.First > MaximumDistance)
            return;

        var (local, distance) = FindLocal(root, addend);

        if (!_accesses.TryGetValue(root, out var accesses))
            _accesses.Add(root, accesses = []);

        accesses.Add(new Access(index, _scope, _statement, addend, (int)instruction.First, Opcodes.Find(instruction.Opcode)!.AccessWidth, local, distance));
    }

    /// <summary>A local that holds the root or a sum with it, and has done so since the statement's start.</summary>
    /// <returns>The local, and its distance from the root.</returns>
    private (int Local, uint Distance) FindLocal(int root, uint addend)
    {
        var found = (Local: Unset, Distance: 0U);

        if (_recording.Instructions[_statement].Opcode is not (Opcode.LocalGet or Opcode.GlobalGet or Opcode.I32Const or Opcode.I64Const))
            return found;

        for (var i = (int)Sp + 1; i < _locals.Length; i++)
        {
            if (_locals[i] == Unset || _assigned[i] >= _statement)
                continue;

            var (other, distance) = _values.Address(_locals[i]);

            if (other != root)
                continue;

            if (found.Local == Unset || distance == 0 || (found.Distance != 0 && distance == addend))
                found = (i, distance);
        }

        return found;
    }

    /// <summary>Chooses ranges for the accesses through one pointer, in their order.</summary>
    private void Choose(List<Access> accesses, RangePlan plan)
    {
        for (var i = 0; i < accesses.Count - 1; i++)
        {
            var first = accesses[i];

            if (first.Local == Unset || plan.IsCovered(first.Instruction))
                continue;

            var (below, end, ends) = Reach(accesses, i);

            if (ends < 2 || (ulong)_module.Memory!.Limits.Minimum == 0)
                continue;

            var range = new CheckedRange(first.Statement, first.Local, below, end);
            plan.Add(range);

            for (var j = i; j < accesses.Count; j++)
            {
                var access = accesses[j];
                var distance = access.Distance(first);

                if (!plan.IsCovered(access.Instruction) && IsWithin(access.Scope, first.Scope) && distance >= below && (long)distance + access.Offset + access.Width <= end)
                    plan.Cover(access.Instruction, range, distance + access.Offset);
            }
        }
    }

    /// <summary>How far the accesses that certainly follow, where nothing ends the function, reach from the first one's local, and how many ends they have.</summary>
    private static (int Below, int End, int Ends) Reach(List<Access> accesses, int index)
    {
        var first = accesses[index];
        var below = 0;
        var ends = new HashSet<int>();

        for (var i = index; i < accesses.Count; i++)
        {
            var distance = accesses[i].Distance(first);

            if (accesses[i].Scope != first.Scope || distance is < -MaximumDistance or > MaximumDistance)
                continue;

            below = Math.Min(below, distance);
            ends.Add(distance + accesses[i].Offset + accesses[i].Width);
        }

        return (below, Math.Max(ends.Count == 0 ? 0 : ends.Max(), 0), ends.Count);
    }

    private bool IsWithin(int scope, int outer)
    {
        while (scope != outer && scope != Unset)
            scope = _scopeParents[scope];

        return scope == outer;
    }

    private void Push(int value) => _stack.Add(value);

    private int Pop()
    {
        var value = _stack[^1];
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    private void Pop(int count) => _stack.RemoveRange(_stack.Count - count, count);

    private void Replace(int count)
    {
        Pop(count);
        Push(_values.Unknown());
    }

    private void Truncate(int height)
    {
        if (_stack.Count > height)
            _stack.RemoveRange(height, _stack.Count - height);
    }

    private readonly record struct Frame(Opcode Opcode, int Height, int Scope, int[] Locals, int[]? FirstArm = null, bool HasElse = false);

    /// <param name="Statement">The instruction that starts the statement, where no operand is on the stack.</param>
    /// <param name="Addend">The 32-bit address less its root.</param>
    /// <param name="Local">A local to start from at the statement's start, or none.</param>
    /// <param name="LocalAddend">The local less the root.</param>
    private sealed record Access(int Instruction, int Scope, int Statement, uint Addend, int Offset, int Width, int Local, uint LocalAddend)
    {
        /// <summary>The address less the first access's local.</summary>
        public int Distance(Access first) => (int)(Addend - first.LocalAddend);
    }
}
