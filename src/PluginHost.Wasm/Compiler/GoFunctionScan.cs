using System.Diagnostics;
using PluginHost.Wasm.Binary;
using PluginHost.Wasm.Interpreter;
using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Validation;

namespace PluginHost.Wasm.Compiler;

/// <summary>
/// Reads a function as cmd/internal/obj/wasm of Go lays it out: <c>global.get 0; local.set 1</c>, a block to leave when a call unwinds, a loop to jump in, a block
/// for each place to resume at, a <c>br_table</c> on local 0, and then straight code with nested ifs, whose jumps set local 0 to a constant and branch to the
/// loop. Whatever is found otherwise makes the function an ordinary one; nothing is taken on trust.
/// </summary>
internal sealed class GoFunctionScan(WasmModule module, Func<uint, bool> isGoType) : IFunctionSink
{
    private const int MaximumLocals = 64;
    private const int MaximumDisplacement = 1 << 20;
    private const uint Selector = 0;
    private const uint Sp = 1;

    private readonly List<Frame> _frames = [];
    private readonly List<Section> _blocks = [];
    private readonly List<Edge> _edges = [];
    private readonly List<GoFlow.Return> _returns = [];
    private readonly List<(GoCall Kind, uint? Callee)> _calls = [];
    private readonly GoLiveness _liveness = new();
    private int _endedHeaders;
    private int[] _targets = [];
    private int _tableFrames;
    private Phase _phase;
    private bool _isOther;
    private bool _isSpLost;
    private bool _hasSelectorWrite;
    private bool _callsAny;

    /// <summary>SP and global 0, less SP at the block's start; null where global 0 may hold something else.</summary>
    private int _sp;
    private int? _global = 0;

    /// <summary>What the last instructions have left: SP plus a constant, a constant, a constant in the selector, the result of a call.</summary>
    private int? _spOperand;
    private ulong? _constant;
    private uint? _target;
    private AfterCall _afterCall;
    private uint? _callee;

    private bool _isBehindCall;
    private bool _isZeroTested;
    private int _unwindFrame = -1;
    private bool _isBehindUnwind;

    private enum Phase
    {
        LoadSp,
        StoreSp,
        Header,
        Table,
        Body,
    }

    private enum AfterCall
    {
        None,
        Called,
        SpLoaded,
        SpStored,

        /// <summary>Behind a call that is not in Go's convention: SP is still to be loaded, or to be stored.</summary>
        PlainCalled,
        PlainSpLoaded,
    }

    /// <summary>Whether the function assigns global 0, or calls what may.</summary>
    public bool MayMoveSp { get; private set; }

    /// <summary>What was proved; null where the function is not Go's.</summary>
    /// <param name="alwaysUnwinds">Whether a function is known never to return 0.</param>
    public GoFunction? Finish(Func<uint, bool> alwaysUnwinds)
    {
        if (_isOther || _isSpLost || _phase != Phase.Body || !PlaceBlocks())
            return null;

        var calls = new GoCall[_calls.Count];

        for (var i = 0; i < calls.Length; i++)
        {
            calls[i] = _calls[i].Kind;

            if (calls[i] == GoCall.AlwaysUnwinds && (_calls[i].Callee is not { } callee || !alwaysUnwinds(callee)))
                return null;
        }

        FindLive();

        // A call that does not return as expected is gone on with at the block behind it, without locals; unless it never returns at all.
        if (_edges.Exists(NeedsLocals))
        {
            foreach (var edge in _edges.Where(edge => edge.Call is { } call && edge.Callee is { } callee && alwaysUnwinds(callee)).ToList())
            {
                calls[edge.Call!.Value] = GoCall.AlwaysUnwinds;
                _edges.Remove(edge);
            }

            _edges.RemoveAll(edge => edge.Gate is { } gate && alwaysUnwinds(gate));
            FindLive();

            if (_edges.Exists(NeedsLocals))
                return null;
        }

        var jumpTargets = _edges.Where(edge => edge.IsJump).Select(edge => edge.To).ToHashSet();

        return new GoFunction(
            [.. _blocks.Select((block, index) => new GoBlock(block.Displacement, block.Live, jumpTargets.Contains(index)))],
            _targets,
            calls,
            _liveness.BehindCalls(block => _blocks[block].Live),
            _blocks.Max(block => block.Lowest - (block.Displacement ?? 0)),
            !_callsAny);
    }

    private bool NeedsLocals(Edge edge) => edge.Call is not null && (_blocks[edge.To].Live != 0 || !_targets.Contains(edge.To));

    /// <summary>The ways through the function, of which only its blocks must be as Go's; null where they are not.</summary>
    public GoFlow? Flow() => _isOther || _phase != Phase.Body
        ? null
        : new GoFlow(_blocks.Count, [.. _edges.Select(edge => new GoFlow.Edge(edge.From, edge.To, edge.Callee, edge.Gate))], [.. _returns]);

    public void Begin(FunctionType type, ReadOnlySpan<ValueType> locals)
    {
        _isOther = locals.Length is < 2 or > MaximumLocals || locals[1] != ValueType.I32;
        _frames.Add(new Frame(ControlKind.Function, 0, 0));
    }

    public void At(int offset)
    {
    }

    public void Block(FunctionType type)
    {
        Use();
        RequireHeader(type);
        _frames.Add(new Frame(ControlKind.Block, 0, 0));
    }

    public void Loop(FunctionType type)
    {
        Use();
        RequireHeader(type);
        _frames.Add(new Frame(ControlKind.Loop, 0, 0));
    }

    public void If(FunctionType type)
    {
        StartBody();

        // if; unreachable; end behind a call that must not unwind.
        if (_afterCall == AfterCall.SpStored)
        {
            _isSpLost = true;
            EndCall();
        }

        // The condition of a nil check of nil. Inside another if it is certain only there.
        var isCertain = _isZeroTested && _frames[^1].Kind != ControlKind.If;
        Use();
        _isOther |= type.SlotCount != 0;
        _frames.Add(new Frame(ControlKind.If, _sp, _global, isCertain));
    }

    public void Else(bool reachable)
    {
        Use();
        var frame = _frames[^1];
        _isSpLost |= reachable && (_sp != frame.Sp || _global != frame.Global);
        _sp = frame.Sp;
        _global = frame.Global;
        _hasSelectorWrite = false;
    }

    public void End(bool reachable)
    {
        var behindCall = _isBehindCall;
        var returnsOne = _isBehindUnwind && _constant == 1;
        Use();
        var frame = _frames[^1];
        _frames.RemoveAt(_frames.Count - 1);

        _isOther |= _isBehindUnwind && frame.Kind != ControlKind.Function;

        switch (frame.Kind)
        {
            case ControlKind.Function:
                // The end is reached where a call unwinds, and nowhere else.
                _isOther |= reachable && !returnsOne;
                break;
            case ControlKind.If:
                _isSpLost |= reachable && (_sp != frame.Sp || _global != frame.Global);
                _sp = frame.Sp;
                _global = frame.Global;
                _hasSelectorWrite = false;
                break;
            case ControlKind.Block when _frames.Count == _unwindFrame:
                _isBehindUnwind = true;
                break;
            case ControlKind.Block:
                StartBlock(reachable, behindCall, _frames.Count);
                break;
            case ControlKind.Loop:
                break;
            default:
                throw new UnreachableException();
        }
    }

    public void Br(uint depth)
    {
        var target = _target;
        Use();
        var frame = _frames.Count - 1 - (int)depth;

        if (_phase == Phase.Body && !_isBehindUnwind && _blocks.Count > 0 && frame >= 0 && _frames[frame].Kind == ControlKind.Loop && target is { } selector && _targets.Length > 0)
            AddEdge(_targets[(int)Math.Min(selector, (uint)_targets.Length - 1)], null, null, isJump: true);
        else
            _isOther = true;
    }

    public void BrIf(uint depth)
    {
        var isBehindCall = _afterCall == AfterCall.SpStored;
        var frame = _frames.Count - 1 - (int)depth;

        if (!isBehindCall || _frames[frame].Kind != ControlKind.Block || (_unwindFrame >= 0 && _unwindFrame != frame))
        {
            _isOther = true;
            return;
        }

        // Whether it is the outermost block is seen when that ends: behind it stands the end of the function.
        _unwindFrame = frame;
        EndCall();
        Use();
        _calls.Add((GoCall.AlwaysUnwinds, _callee));
        _isBehindCall = true;

        if (_frames[^1] is { Kind: ControlKind.If, IsCertain: true })
            CurrentBlock.Gate ??= _callee;
    }

    public void BrTable(ReadOnlySpan<uint> depths)
    {
        if (_phase != Phase.Table)
        {
            _isOther = true;
            return;
        }

        _phase = Phase.Body;
        _tableFrames = _frames.Count;
        _targets = new int[depths.Length];

        // The blocks end in the order of their depth, and each starts a block of code where it ends.
        for (var i = 0; i < depths.Length; i++)
        {
            var frame = _frames.Count - 1 - (int)depths[i];
            _isOther |= frame <= 0 || _frames[frame].Kind != ControlKind.Block;
            _targets[i] = (int)depths[i];
        }

        _isOther |= _targets[0] != 0;
    }

    public void Return()
    {
        StartBody();

        if (_afterCall is AfterCall.Called or AfterCall.SpStored)
        {
            _afterCall = AfterCall.None;
            _calls.Add((GoCall.Tail, _callee));
            _returns.Add(new GoFlow.Return(_blocks.Count - 1, _callee, CurrentBlock.Gate));
            Use();
            return;
        }

        if (_constant == 0)
        {
            _returns.Add(new GoFlow.Return(_blocks.Count - 1, null, CurrentBlock.Gate));
            _isSpLost |= _global is null;
        }
        else if (_constant is null)
        {
            _isOther = true;
        }

        Use();
    }

    public void Unreachable()
    {
        StartBody();
        Use();
    }

    public void Call(uint function)
    {
        _callsAny = true;
        MayMoveSp = true;
        StartBody();
        CallOf(module.FunctionTypeIndices[(int)function], function < (uint)module.ImportedFunctionCount ? null : function, function < (uint)module.ImportedFunctionCount);
    }

    public void CallIndirect(uint type, uint table)
    {
        _callsAny = true;
        MayMoveSp = true;
        StartBody();
        CallOf(type, null, false);
    }

    public void ReturnCall(uint function) => TailCall();

    public void ReturnCallIndirect(uint type, uint table) => TailCall();

    public void Drop()
    {
        StartBody();
        _isOther |= _afterCall != AfterCall.None;
        Use();
    }

    public void Select(ValueType type) => Other();

    public void LocalGet(uint local)
    {
        if (_phase == Phase.Header && local == Selector)
        {
            _phase = Phase.Table;
            return;
        }

        StartBody();
        Use();

        if (local == Sp)
            _spOperand = _sp;
        else if (local == Selector)
            ReadSelector();
        else
            Read(local);
    }

    public void LocalSet(uint local) => Write(local, isTee: false);

    public void LocalTee(uint local) => Write(local, isTee: true);

    public void GlobalGet(uint global)
    {
        if (_phase == Phase.LoadSp)
        {
            _isOther |= global != 0;
            _phase = Phase.StoreSp;
            return;
        }

        StartBody();

        if (_afterCall is AfterCall.Called or AfterCall.PlainCalled && global == 0)
        {
            _afterCall = _afterCall == AfterCall.Called ? AfterCall.SpLoaded : AfterCall.PlainSpLoaded;
            _spOperand = _global;
            return;
        }

        Use();

        if (global == 0)
            _spOperand = _global;
    }

    public void GlobalSet(uint global)
    {
        MayMoveSp |= global == 0;
        StartBody();
        var operand = _spOperand;
        Use();

        if (global == 0)
        {
            _global = operand;
            _isSpLost |= operand is null || operand != _sp;
        }
    }

    public void Const(ValueType type, ulong bits)
    {
        if (!_isBehindUnwind)
            StartBody();

        var operand = _spOperand;
        Use();
        _constant = bits;

        if (type == ValueType.I32)
            _spOperand = operand;
    }

    public void RefNull(ValueType type) => Other();

    public void RefIsNull() => Other();

    public void RefFunc(uint function) => Other();

    public void Load(Opcode opcode, uint offset) => Other();

    public void Store(Opcode opcode, uint offset) => Other();

    public void Numeric(Opcode opcode)
    {
        StartBody();
        int? moved = opcode is Opcode.I32Add or Opcode.I32Sub && _spOperand is { } sp && _constant is { } constant
            ? sp + (opcode == Opcode.I32Add ? (int)constant : -(int)constant)
            : null;
        var isZeroTested = opcode == Opcode.I64Eqz && _constant == 0;
        Use();
        _spOperand = moved;
        _isZeroTested = isZeroTested;
    }

    public void MemorySize() => Other();

    public void MemoryGrow() => Other();

    public void MemoryInit(uint segment) => Other();

    public void DataDrop(uint segment) => Other();

    public void MemoryCopy() => Other();

    public void MemoryFill() => Other();

    public void TableGet(uint table) => Other();

    public void TableSet(uint table) => Other();

    public void TableSize(uint table) => Other();

    public void TableGrow(uint table) => Other();

    public void TableFill(uint table) => Other();

    public void TableCopy(uint destination, uint source) => Other();

    public void TableInit(uint table, uint segment) => Other();

    public void ElemDrop(uint segment) => Other();

    private Section CurrentBlock => _blocks[^1];

    private void TailCall()
    {
        _isOther = true;
        MayMoveSp = true;
    }

    private void Other()
    {
        StartBody();
        Use();
    }

    /// <summary>What the instruction before has left is used up, or not what was looked for.</summary>
    private void Use()
    {
        // A call that is not followed by what Go has follow.
        _isOther |= _afterCall != AfterCall.None;
        _afterCall = AfterCall.None;
        _spOperand = null;
        _constant = null;
        _target = null;
        _isBehindCall = false;
        _isZeroTested = false;
    }

    private void EndCall() => _afterCall = AfterCall.None;

    private void RequireHeader(FunctionType type) => _isOther |= _phase != Phase.Header || type.SlotCount != 0;

    private void StartBody()
    {
        if (_phase == Phase.Header)
        {
            _phase = Phase.Body;
            _blocks.Add(new Section());
        }
        else if (_phase != Phase.Body || _blocks.Count == 0 || _isBehindUnwind)
        {
            // Behind the br_table stands the end of the innermost block.
            _isOther = true;

            if (_blocks.Count == 0)
                _blocks.Add(new Section());
        }
    }

    private void StartBlock(bool reachable, bool behindCall, int frame)
    {
        if (_phase != Phase.Body || _targets.Length == 0)
        {
            _isOther = true;
            return;
        }

        // The blocks of the header end one after the other.
        _isOther |= frame != _tableFrames - 1 - _endedHeaders++;

        if (_blocks.Count > 0 && reachable)
        {
            AddEdge(_blocks.Count, behindCall ? _callee : null, behindCall ? _calls.Count - 1 : null, isJump: false);

            if (behindCall)
                _calls[^1] = (GoCall.Resumable, _calls[^1].Callee);
        }

        _blocks.Add(new Section());
        _liveness.StartBlock();
        _sp = 0;
        _global = 0;
        _hasSelectorWrite = false;
    }

    private void AddEdge(int to, uint? callee, int? call, bool isJump)
    {
        _isSpLost |= _global != _sp;
        _liveness.Leave(to);
        _edges.Add(new Edge(_blocks.Count - 1, to, _sp, CurrentBlock.Defined, callee, call, CurrentBlock.Gate, isJump));
    }

    private void CallOf(uint type, uint? callee, bool isImport)
    {
        var global = _global;
        var isEntered = _constant == 0;
        Use();

        if (!isGoType(type) || isImport)
        {
            // Behind the call SP must be loaded again: the function finds it as it was, or moves its idea of SP at entry.
            _afterCall = AfterCall.PlainCalled;
            _liveness.Call();
            return;
        }

        _isSpLost |= global is null || global != _sp;
        _global = (global ?? 0) + sizeof(ulong);
        _callee = isEntered ? callee : null;
        _afterCall = AfterCall.Called;
    }

    private void ReadSelector()
    {
        _isSpLost |= !_hasSelectorWrite;
        _liveness.Use(1);
    }

    private void Read(uint local)
    {
        var bit = 1UL << (int)local;
        _liveness.Use(bit);

        if ((CurrentBlock.Defined & bit) == 0)
            CurrentBlock.Used |= bit;
    }

    private void Write(uint local, bool isTee)
    {
        if (_phase == Phase.StoreSp)
        {
            _isOther |= local != Sp || isTee;
            _phase = Phase.Header;
            return;
        }

        StartBody();
        var (operand, constant) = (_spOperand, _constant);

        if (_afterCall is AfterCall.SpLoaded or AfterCall.PlainSpLoaded && local == Sp && !isTee)
        {
            _afterCall = _afterCall == AfterCall.SpLoaded ? AfterCall.SpStored : AfterCall.None;
            _isSpLost |= operand is null;
            _sp = operand ?? _sp;
            _spOperand = null;
            return;
        }

        Use();

        if (_frames[^1].Kind != ControlKind.If)
            _liveness.Define(1UL << (int)local);

        if (local == Sp)
        {
            _isSpLost |= operand is null or < -MaximumDisplacement or > MaximumDisplacement;
            _sp = operand ?? _sp;
            CurrentBlock.Lowest = Math.Max(CurrentBlock.Lowest, -_sp);

            if (isTee)
                _spOperand = _sp;
        }
        else if (local == Selector)
        {
            _hasSelectorWrite = true;
            _isSpLost |= isTee;

            if (constant is { } target)
                _target = (uint)target;
        }
        else if (_frames[^1].Kind != ControlKind.If)
        {
            CurrentBlock.Defined |= 1UL << (int)local;
        }
    }

    /// <summary>Finds how far SP has moved at the start of every block; false where it depends on the way there.</summary>
    private bool PlaceBlocks()
    {
        _blocks[0].Displacement = 0;

        if (_targets.Any(target => target >= _blocks.Count))
            return false;

        var waiting = new Stack<int>([0]);
        var edges = _edges.ToLookup(edge => edge.From);

        while (waiting.TryPop(out var index))
        {
            foreach (var edge in edges[index])
            {
                var displacement = _blocks[index].Displacement!.Value + edge.Sp;
                var to = _blocks[edge.To];

                if (to.Displacement is null)
                {
                    to.Displacement = displacement;
                    waiting.Push(edge.To);
                }
                else if (to.Displacement != displacement)
                {
                    return false;
                }
            }
        }

        return true;
    }

    private void FindLive()
    {
        var changed = true;

        foreach (var block in _blocks)
            block.Live = block.Used;

        while (changed)
        {
            changed = false;

            for (var i = _edges.Count - 1; i >= 0; i--)
            {
                var from = _blocks[_edges[i].From];
                var live = from.Live | (_blocks[_edges[i].To].Live & ~_edges[i].Defined);
                changed |= live != from.Live;
                from.Live = live;
            }
        }
    }

    private sealed class Section
    {
        public ulong Used;
        public ulong Defined;
        public ulong Live;
        public int Lowest;

        /// <summary>A function that was certainly called, in the middle of the block.</summary>
        public uint? Gate;

        /// <summary>SP at the start, less SP at the function's entry; null before a way from there is found.</summary>
        public int? Displacement { get; set; }
    }

    private readonly record struct Frame(ControlKind Kind, int Sp, int? Global, bool IsCertain = false);

    private readonly record struct Edge(int From, int To, int Sp, ulong Defined, uint? Callee, int? Call, uint? Gate, bool IsJump);
}
