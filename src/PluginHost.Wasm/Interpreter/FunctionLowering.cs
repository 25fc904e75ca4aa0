using System.Diagnostics;
using System.Runtime.InteropServices;
using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Runtime;
using PluginHost.Wasm.Validation;

namespace PluginHost.Wasm.Interpreter;

/// <summary>
/// Translates one function into register code as the validator goes through it. A frame holds parameters, locals, then one canonical slot for each depth of
/// the operand stack. Values stay <see cref="Operand"/>s as long as nothing needs them in a slot; where control flow can meet they are brought to their
/// canonical slots, except constants, which are the same on every path.
/// </summary>
internal partial struct FunctionLowering : IFunctionSink
{
    /// <summary>How many values above the settled ones may be looked through for each assignment.</summary>
    private const int MaximumUnsettled = 64;

    /// <summary>How many values pass between two looks at the interrupt: well below a millisecond's worth.</summary>
    private const int WorkBetweenPolls = 65_536;

    /// <summary>The loop zeroes locals in fours and so may write this many slots behind them.</summary>
    private const int SlackSlots = 3;

    private readonly InterpreterModule _module;
    private readonly WasmInstance _caller;
    private readonly bool _isSelectorDead;
    private readonly FunctionEntries? _entries;
    private readonly List<ControlFrame> _frames = [];
    private readonly List<Operand> _stack = [];
    private readonly List<int> _loopStarts = [];
    private FunctionType _type = FunctionType.Empty;
    private int _locals;
    private int _maximumHeight;
    private int _settled;
    private int _work;
    private int _at;

    /// <param name="caller">The instance that waits for the code, whose interrupt ends the translation.</param>
    /// <param name="isSelectorDead">What <see cref="SelectorScan"/> found of the function.</param>
    /// <param name="code">Where the code goes; it is cleared.</param>
    /// <param name="entries">The places within the function at which it is to be entered, filled here; null where all is to be as short as can be.</param>
    public FunctionLowering(InterpreterModule module, WasmInstance caller, CodeBuffer code, bool isSelectorDead, FunctionEntries? entries)
    {
        _module = module;
        _caller = caller;
        _isSelectorDead = isSelectorDead;
        _entries = entries;
        Code = code;
        Code.Clear();
    }

    private CodeBuffer Code { get; }

    private readonly WasmModule Module => _module.Module;

    public readonly int ParameterCount => _type.Parameters.Length;

    public readonly int DeclaredLocalCount => _locals - ParameterCount;

    /// <summary>Where the loops start above whose start no operand stands: their locals are all that there is.</summary>
    public readonly List<int> LoopStarts => _loopStarts;

    public readonly int FrameSlots => _locals + _maximumHeight + SlackSlots;

    /// <summary>The finished code, valid until another function is lowered.</summary>
    public readonly ReadOnlySpan<Instruction> Finish()
    {
        // Slots are numbered by 16 bits; ModuleLimits keeps every function far below.
        if (FrameSlots > ushort.MaxValue)
            throw new InstantiationException($"a function needs {FrameSlots} slots for its locals and operands, more than {ushort.MaxValue}");

        return Code.Finish();
    }

    public void Begin(FunctionType type, ReadOnlySpan<ValueType> locals)
    {
        _type = type;
        _locals = locals.Length;
        _maximumHeight = Math.Max(type.Results.Length - locals.Length, 0);
        _frames.Add(new ControlFrame { Kind = ControlKind.Function, Type = type, ElseLabel = -1, Label = -1 });
    }

    public void At(int offset) => _at = offset;

    public void Block(FunctionType type)
    {
        Flush(type.Parameters.Length);
        Enter(ControlKind.Block, type, Code.NewLabel(), -1);
    }

    public void Loop(FunctionType type)
    {
        Flush(type.Parameters.Length);
        var label = Code.NewLabel();
        Code.BindTarget(label);

        if (_stack.Count == 0)
            _loopStarts.Add(Code.Count);

        Enter(ControlKind.Loop, type, label, -1);
    }

    public void If(FunctionType type)
    {
        var jump = TakeCondition(whenTrue: false);
        Flush(type.Parameters.Length);
        var elseLabel = Code.NewLabel();
        EmitJump(jump, elseLabel);
        Enter(ControlKind.If, type, Code.NewLabel(), elseLabel);
    }

    public void Else(bool reachable)
    {
        ref var frame = ref CollectionsMarshal.AsSpan(_frames)[^1];

        if (reachable)
        {
            MoveToCanonical(frame.Height, frame.Type.Results.Length);
            Code.EmitJump(new Instruction(Operation.Jump), frame.Label);
        }

        Code.Bind(frame.ElseLabel);
        frame.ElseLabel = -1;
        ResetStack(frame.Height, frame.Type.Parameters.Length);
    }

    public void End(bool reachable)
    {
        var frame = _frames[^1];

        if (frame.Kind == ControlKind.Function)
        {
            if (reachable)
                Return();

            return;
        }

        if (reachable)
            MoveToCanonical(frame.Height, frame.Type.Results.Length);

        if (frame.ElseLabel >= 0)
            Code.Bind(frame.ElseLabel);

        if (frame.Kind != ControlKind.Loop)
            Code.Bind(frame.Label);

        _frames.RemoveAt(_frames.Count - 1);
        ResetStack(frame.Height, frame.Type.Results.Length);
    }

    public void Br(uint depth)
    {
        if (TryThreadJump(depth))
            return;

        PrepareBranch(Target(depth).Arity);
        EmitBranch(depth);
    }

    public void BrIf(uint depth)
    {
        ref readonly var target = ref Target(depth);

        if (target.IsPlainTarget)
        {
            var taken = TakeCondition(whenTrue: true);

            if (taken.Operation != Operation.JumpIfNotZero32 || !TryFuseResume(taken.A, target.Label))
                EmitJump(taken, target.Label);

            return;
        }

        var skipped = TakeCondition(whenTrue: false);
        PrepareBranch(target.Arity);
        var skip = Code.NewLabel();
        EmitJump(skipped, skip);
        EmitBranch(depth);
        Code.Bind(skip);
    }

    public void BrTable(ReadOnlySpan<uint> depths)
    {
        var position = _stack.Count - 1;
        var operand = Pop();
        NoteDispatch(operand, depths);
        var index = Register(operand, position);
        PrepareBranch(Target(depths[^1]).Arity);
        var table = Code.EmitTable(index, depths.Length);
        var trampolines = new Dictionary<uint, int>();

        for (var i = 0; i < depths.Length; i++)
        {
            ref readonly var target = ref Target(depths[i]);
            int label;

            if (target.IsPlainTarget)
                label = target.Label;
            else if (!trampolines.TryGetValue(depths[i], out label))
                trampolines.Add(depths[i], label = Code.NewLabel());

            Code.SetTableTarget(table, i, label);
        }

        foreach (var (depth, label) in trampolines)
        {
            Code.Bind(label);
            EmitBranch(depth);
        }
    }

    public void Return()
    {
        PrepareBranch(_type.Results.Length);
        EmitReturn();
    }

    public readonly void Unreachable() => Code.Emit(new Instruction(Operation.Unreachable));

    public void Call(uint function)
    {
        var type = Module.FunctionType(function);
        var operation = function < (uint)Module.ImportedFunctionCount ? Operation.CallImport : Operation.Call;

        if (operation == Operation.Call && _entries is null && type.Parameters.Length == 1 && TryFuseCall(function))
        {
            Pop();
            PushResults(type);
            return;
        }

        EmitCall(new Instruction(operation, 0, 0, 0, function), type);
    }

    public void CallIndirect(uint type, uint table)
    {
        var position = _stack.Count - 1;
        var element = Register(Pop(), position);
        EmitCall(new Instruction(Operation.CallIndirect, 0, element, (int)table, _module.CanonicalTypes[type]), Module.Types[(int)type]);
    }

    public void ReturnCall(uint function)
    {
        if (function < (uint)Module.ImportedFunctionCount)
        {
            // Nothing of the guest's runs in an imported function, so its frame need not replace this one.
            Call(function);
            Return();
            return;
        }

        EmitTailCall(new Instruction(Operation.TailCall, 0, 0, 0, function), Module.FunctionType(function));
    }

    public void ReturnCallIndirect(uint type, uint table)
    {
        var position = _stack.Count - 1;
        var element = Register(Pop(), position);
        EmitTailCall(new Instruction(Operation.TailCallIndirect, 0, element, (int)table, _module.CanonicalTypes[type]), Module.Types[(int)type]);
    }

    public void Drop() => Pop();

    public void Select(ValueType type)
    {
        var condition = PopRegister();
        var c = PopRegister();
        var b = PopRegister();
        PushDefined(new Instruction(Operation.Select, 0, b, c, (ulong)condition));
    }

    public void LocalGet(uint local)
    {
        StartStatement();
        Push(Operand.InSlot((int)local));
    }

    public void LocalSet(uint local)
    {
        var operand = Pop();
        PreserveReaders((int)local);
        AssignLocal((int)local, operand, _stack.Count);
    }

    public void LocalTee(uint local)
    {
        LocalSet(local);
        Push(Operand.InSlot((int)local));
    }

    public void GlobalGet(uint global)
    {
        StartStatement();

        if (global < (uint)Module.ImportedGlobalCount)
            PushDefined(new Instruction(Operation.GlobalGetImported, 0, 0, 0, global));
        else
            PushDefined(new Instruction(Operation.GlobalGet, 0, 0, 0, global - (uint)Module.ImportedGlobalCount));
    }

    public void GlobalSet(uint global)
    {
        var position = _stack.Count - 1;
        var operand = Pop();

        if (global < (uint)Module.ImportedGlobalCount)
        {
            Code.Emit(new Instruction(Operation.GlobalSetImported, Register(operand, position), 0, 0, global));
            return;
        }

        var own = global - (uint)Module.ImportedGlobalCount;
        var slot = Register(operand, position);

        if (!TryFuseSetGlobal(slot, own))
            Code.Emit(new Instruction(Operation.GlobalSet, slot, 0, 0, own));
    }

    public void Const(ValueType type, ulong bits)
    {
        StartStatement();
        Push(Operand.Const(bits));
    }

    public void RefNull(ValueType type) => Push(Operand.Const(0));

    /// <summary>A reference is null where its bits are 0.</summary>
    public void RefIsNull() => PushDefined(new Instruction(Operation.I64Eqz, 0, PopRegister()));

    public void RefFunc(uint function) => PushDefined(new Instruction(Operation.RefFunc, 0, 0, 0, function));

    public void MemorySize() => PushDefined(new Instruction(Operation.MemorySize));

    public void MemoryGrow() => PushDefined(new Instruction(Operation.MemoryGrow, 0, PopRegister()));

    public void MemoryInit(uint segment) => EmitTriple(Operation.MemoryInit, segment);

    public readonly void DataDrop(uint segment) => Code.Emit(new Instruction(Operation.DataDrop, 0, 0, 0, segment));

    public void MemoryCopy() => EmitTriple(Operation.MemoryCopy, 0);

    public void MemoryFill() => EmitTriple(Operation.MemoryFill, 0);

    public void TableGet(uint table) => PushDefined(new Instruction(Operation.TableGet, 0, PopRegister(), 0, table));

    public void TableSet(uint table)
    {
        var value = PopRegister();
        var index = PopRegister();
        Code.Emit(new Instruction(Operation.TableSet, index, value, 0, table));
    }

    public void TableSize(uint table) => PushDefined(new Instruction(Operation.TableSize, 0, 0, 0, table));

    public void TableGrow(uint table)
    {
        var delta = PopRegister();
        var value = PopRegister();
        PushDefined(new Instruction(Operation.TableGrow, 0, value, delta, table));
    }

    public void TableFill(uint table) => EmitTriple(Operation.TableFill, table);

    public void TableCopy(uint destination, uint source) => EmitTriple(Operation.TableCopy, destination | ((ulong)source << 32));

    public void TableInit(uint table, uint segment) => EmitTriple(Operation.TableInit, table | ((ulong)segment << 32));

    public readonly void ElemDrop(uint segment) => Code.Emit(new Instruction(Operation.ElemDrop, 0, 0, 0, segment));

    private void EmitTriple(Operation operation, ulong immediate)
    {
        var c = PopRegister();
        var b = PopRegister();
        var a = PopRegister();
        Code.Emit(new Instruction(operation, a, b, c, immediate));
    }

    private void EmitCall(Instruction call, FunctionType type)
    {
        if (_entries is not null)
            Flush(type.Parameters.Length);

        call.A = (ushort)PlaceArguments(type);
        Code.Emit(call);
        PushResults(type);

        if (_entries is not null)
        {
            Code.BindTarget(Code.NewLabel());
            _entries.BehindCalls.Add(Code.Count);
        }
    }

    private void EmitTailCall(Instruction call, FunctionType type)
    {
        call.A = (ushort)PlaceArguments(type);
        Code.Emit(call);
    }

    /// <summary>Brings the arguments to their canonical slots, where the callee's frame starts, and takes them off the stack.</summary>
    private int PlaceArguments(FunctionType type)
    {
        var first = _stack.Count - type.Parameters.Length;
        MoveToCanonical(first, type.Parameters.Length);
        RemoveFrom(first);

        // A host function's results may need more room than the arguments took; a tail call's callee brings its own room.
        _maximumHeight = Math.Max(_maximumHeight, first + type.SlotCount);
        return Canonical(first);
    }

    private void PushResults(FunctionType type)
    {
        Work(type.Results.Length);

        for (var i = 0; i < type.Results.Length; i++)
            Push(Operand.InSlot(Canonical(_stack.Count)));
    }

    /// <summary>Leaves the function with its results, which are on top of the stack and stay there for what follows. Many are in their canonical slots.</summary>
    private void EmitReturn()
    {
        var count = _type.Results.Length;
        var first = _stack.Count - count;

        if (count == 0)
        {
            Code.Emit(new Instruction(Operation.Return));
        }
        else if (count > 1)
        {
            Code.Emit(new Instruction(Operation.ReturnMany, Canonical(first), 0, 0, (ulong)count));
        }
        else if (!_stack[^1].IsConst)
        {
            Code.Emit(new Instruction(Operation.ReturnSlot, Register(_stack[^1], first)));
        }
        else if (_stack[^1].Value != 0 || !TryFuseReturn())
        {
            Code.Emit(new Instruction(Operation.ReturnConst, 0, 0, 0, _stack[^1].Value));
        }
    }

    /// <summary>
    /// Brings the values that a branch takes along to their canonical slots, where they are many: once, on the path that all targets have in common, so that
    /// no branch needs more than one instruction for them.
    /// </summary>
    private void PrepareBranch(int arity)
    {
        if (arity > 1)
            MoveToCanonical(_stack.Count - arity, arity);
    }

    /// <summary>Goes to a branch's target with its values, which stay on the stack for what follows.</summary>
    private void EmitBranch(uint depth)
    {
        ref readonly var target = ref Target(depth);

        if (target.Kind == ControlKind.Function)
        {
            EmitReturn();
            return;
        }

        var first = _stack.Count - target.Arity;

        if (target.Arity == 1)
            Materialize(_stack[first], Canonical(target.Height));
        else if (target.Arity > 1 && first != target.Height)
            Code.Emit(new Instruction(Operation.MoveMany, Canonical(target.Height), Canonical(first), 0, (ulong)target.Arity));

        Code.EmitJump(new Instruction(Operation.Jump), target.Label);
    }

    private readonly void EmitJump(Instruction jump, int label)
    {
        // A constant condition is no jump, or always one.
        if (jump.Operation != Operation.Const)
            Code.EmitJump(jump, label);
        else if (jump.Immediate != 0)
            Code.EmitJump(new Instruction(Operation.Jump), label);
    }

    private void Enter(ControlKind kind, FunctionType type, int label, int elseLabel) => _frames.Add(new ControlFrame
    {
        Kind = kind,
        Type = type,
        Label = label,
        ElseLabel = elseLabel,
        Height = _stack.Count - type.Parameters.Length,
        Start = Code.Count,
    });

    private readonly ref readonly ControlFrame Target(uint depth) => ref CollectionsMarshal.AsSpan(_frames)[_frames.Count - 1 - (int)depth];

    private readonly int Canonical(int position) => _locals + position;

    private readonly void StartStatement()
    {
        if (_entries is null || _stack.Count > 0)
            return;

        Code.BindTarget(Code.NewLabel());
        _entries.Statements.Add(_at, Code.Count);
    }

    private void Push(Operand operand)
    {
        _stack.Add(operand);
        _maximumHeight = Math.Max(_maximumHeight, _stack.Count);
    }

    /// <summary>Emits an instruction whose A is the canonical slot of the value that it pushes.</summary>
    private void PushDefined(Instruction instruction)
    {
        instruction.A = (ushort)Canonical(_stack.Count);
        Code.EmitDefinition(instruction);
        Push(Operand.InSlot(instruction.A));
    }

    private Operand Pop()
    {
        var operand = _stack[^1];
        _stack.RemoveAt(_stack.Count - 1);
        _settled = Math.Min(_settled, _stack.Count);
        return operand;
    }

    private void RemoveFrom(int height)
    {
        _stack.RemoveRange(height, _stack.Count - height);
        _settled = Math.Min(_settled, height);
    }

    private int PopRegister()
    {
        var operand = Pop();
        return Register(operand, _stack.Count);
    }

    /// <summary>A slot that holds the operand, which stands or stood at the given position of the stack.</summary>
    private readonly int Register(Operand operand, int position)
    {
        if (operand.Kind == OperandKind.Slot)
            return operand.Slot;

        Materialize(operand, Canonical(position));
        return Canonical(position);
    }

    private readonly void Materialize(Operand operand, int slot)
    {
        switch (operand.Kind)
        {
            case OperandKind.Slot when operand.Slot != slot:
                Code.EmitDefinition(new Instruction(Operation.Move, slot, operand.Slot));
                break;
            case OperandKind.Slot:
                break;
            case OperandKind.Const:
                Code.EmitDefinition(new Instruction(Operation.Const, slot, 0, 0, operand.Value));
                break;
            case OperandKind.Add32:
                Code.EmitDefinition(new Instruction(Operation.I32AddConst, slot, operand.Slot, 0, (uint)operand.Value));
                break;
            case OperandKind.Add64:
                Code.EmitDefinition(new Instruction(Operation.I64AddConst, slot, operand.Slot, 0, operand.Value));
                break;
            case OperandKind.AddExtended when operand.Value == 0:
                Code.EmitDefinition(new Instruction(Operation.I64ExtendI32U, slot, operand.Slot));
                break;
            case OperandKind.AddExtended:
                Code.EmitDefinition(new Instruction(Operation.I64AddExtendedConst, slot, operand.Slot, 0, operand.Value));
                break;
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>
    /// Brings every value below a block to a form that holds on each path through it; the block's parameters to their canonical slots. What was brought
    /// there before stays settled until it is popped, so that blocks and assignments above a high stack cost no more than above a low one.
    /// </summary>
    private void Flush(int parameters)
    {
        var firstParameter = _stack.Count - parameters;
        Work(_stack.Count - Math.Min(_settled, firstParameter));

        for (var i = Math.Min(_settled, firstParameter); i < _stack.Count; i++)
        {
            var operand = _stack[i];

            if (operand.IsConst && i < firstParameter)
                continue;

            Materialize(operand, Canonical(i));
            _stack[i] = Operand.InSlot(Canonical(i));
        }

        _settled = _stack.Count;
    }

    /// <summary>Brings the top values to the canonical slots from the given height on. They move down or stay.</summary>
    private void MoveToCanonical(int height, int count)
    {
        Work(count);

        for (var i = 0; i < count; i++)
        {
            var at = _stack.Count - count + i;
            Materialize(_stack[at], Canonical(height + i));
            _stack[at] = Operand.InSlot(Canonical(height + i));
        }
    }

    private void ResetStack(int height, int count)
    {
        if (_stack.Count > height)
            RemoveFrom(height);

        Work(count);

        for (var i = 0; i < count; i++)
            Push(Operand.InSlot(Canonical(height + i)));
    }

    /// <summary>Computes what still reads a local that is about to change.</summary>
    private void PreserveReaders(int local)
    {
        if (_stack.Count - _settled > MaximumUnsettled)
            Flush(0);

        for (var i = _settled; i < _stack.Count; i++)
        {
            if (_stack[i].Slot == local)
            {
                Materialize(_stack[i], Canonical(i));
                _stack[i] = Operand.InSlot(Canonical(i));
            }
        }
    }

    /// <summary>Counts values handled. A call may take and give a thousand for two bytes of code, and the function that waits may have a deadline.</summary>
    private void Work(int values)
    {
        _work += values;

        if (_work >= WorkBetweenPolls)
        {
            _work = 0;
            _caller.ThrowIfInterrupted();
        }
    }

    private readonly void AssignLocal(int local, Operand operand, int position)
    {
        // What was just computed into the operand's own slot is computed into the local instead.
        if (operand.Kind == OperandKind.Slot && operand.Slot == Canonical(position) && Code.TryRetarget(operand.Slot, local))
            return;

        Materialize(operand, local);
    }
}
