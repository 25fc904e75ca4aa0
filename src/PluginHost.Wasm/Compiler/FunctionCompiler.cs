using System.Collections.Immutable;
using System.Reflection.Emit;
using System.Runtime.InteropServices;
using PluginHost.Wasm.Interpreter;
using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Runtime;
using PluginHost.Wasm.Validation;

namespace PluginHost.Wasm.Compiler;

/// <summary>
/// Translates one function into IL as the validator goes through it. The operand stack is the evaluation stack where nothing stands against it; values that
/// need no place of their own stay <see cref="Node"/>s, and where control flow splits or meets, values stand in locals: the evaluation stack is empty there.
/// </summary>
internal sealed partial class FunctionCompiler : IFunctionSink
{
    /// <summary>With more temporaries than this they are used again, as the JIT looks at about a thousand locals only.</summary>
    private const int FreshTemporaries = 300;

    // Where RyuJIT stops to optimise, with room to spare: 60,000 bytes of IL, 20,000 instructions, of which 8,000 name a local or an argument, 2,000 basic blocks, 2,000
    // locals.
    private const int MaximumIlBytes = 57_000;
    private const int MaximumInstructions = 19_900;
    private const int MaximumReferences = 7_800;
    private const int MaximumLabels = 1_500;
    private const int MaximumTemporaries = 1_500;

    // Also fewer than the slots that stay free above every frame: a frame may be entered as its function gets register code, and locals to be zeroed.
    private const int MaximumLocals = 1_000;

    private readonly ModuleCompiler _module;
    private readonly CountingIlGenerator _il;
    private readonly uint _function;
    private readonly Signature _signature;
    private readonly List<CompiledFrame> _frames = [];
    private readonly List<StackEntry> _stack = [];
    private readonly List<LocalBuilder?> _locals = [];
    private readonly List<ValueType> _localTypes = [];
    private readonly Dictionary<(int Position, ValueType Type), LocalBuilder> _canonical = [];
    private readonly Dictionary<ValueType, Stack<LocalBuilder>> _free = [];
    private readonly SortedDictionary<int, Label> _traps = [];
    private int _temporaries;
    private int _labels;
    private Label[] _loops = [];
    private int _loop;
    private Label _entrySlow;
    private bool _hasEntryCheck;

    /// <param name="go">What was proved of the function where it is Go's.</param>
    /// <param name="isResume">Whether to compile how the function is entered in the middle.</param>
    public FunctionCompiler(ModuleCompiler module, uint function, Signature signature, ILGenerator il, GoFunction? go, bool isResume)
    {
        _module = module;
        _function = function;
        _signature = signature;
        _il = new CountingIlGenerator(il);
        _go = go;
        _isResume = isResume;
    }

    /// <summary>Whether the function has an instruction that is left to the interpreter.</summary>
    public bool IsRefused { get; private set; }

    /// <summary>Whether the JIT would compile it without optimising, which takes as long and gives code that is no faster than the interpreter's.</summary>
    public bool IsTooLarge => _il.ILOffset > MaximumIlBytes || _il.Instructions > MaximumInstructions || _il.References > MaximumReferences
        || _labels > MaximumLabels || _temporaries > MaximumTemporaries || _localTypes.Count > MaximumLocals;

    /// <summary>The bytes of IL, by which the JIT decides whether a method is worth optimising.</summary>
    public int IlBytes => _il.ILOffset;

    private WasmModule Module => _module.Module;

    private short InstanceArgument => (short)(_isResume ? 1 : _signature.InstanceArgument);

    /// <summary>Whether to compile how a function that is not Go's is entered at its loops.</summary>
    private bool EntersLoops => _isResume && _go is null;

    public void Begin(FunctionType type, ReadOnlySpan<ValueType> locals)
    {
        foreach (var local in locals)
            _localTypes.Add(local);

        // In Go's convention no argument is a local, and none is where all stand in slots.
        var arguments = _signature.IsGo || EntersLoops ? 0 : type.Parameters.Length;

        for (var i = 0; i < locals.Length; i++)
            _locals.Add(i < arguments ? null : _il.DeclareLocal(IlTypes.Of(locals[i])));

        _frames.Add(new CompiledFrame { Kind = ControlKind.Function, Type = type });

        if (_go is not null)
        {
            BeginGo();
            return;
        }

        if (EntersLoops)
        {
            EmitEnterLoop();
            return;
        }

        EmitEntryCheck();

        if (_signature.IsGo)
        {
            _il.Emit(OpCodes.Ldarg_2);
            EmitI4(32);
            _il.Emit(OpCodes.Shr_Un);
            _il.Emit(OpCodes.Conv_I4);
            _il.Emit(OpCodes.Stloc, _locals[0]!);
        }

        for (var i = type.Parameters.Length; i < locals.Length; i++)
        {
            EmitConst(locals[i], 0);
            _il.Emit(OpCodes.Stloc, _locals[i]!);
        }
    }

    public void At(int offset) => _at = offset;

    public void Block(FunctionType type)
    {
        Settle();
        Enter(ControlKind.Block, type, DefineLabel());
    }

    public void Loop(FunctionType type)
    {
        // Go's is there to be jumped in, and is no loop of the program's.
        if (_go is not null)
        {
            Enter(ControlKind.Loop, type, default);
            return;
        }

        Settle();
        MoveToCanonical(_stack.Count - type.Parameters.Length, type.Parameters);
        ReplaceByCanonical(_stack.Count - type.Parameters.Length, type.Parameters);
        var label = DefineLabel();
        Enter(ControlKind.Loop, type, label);

        if (EntersLoops && _stack.Count == 0)
            _il.MarkLabel(_loops[_loop++]);

        MarkLabel(label);
        EmitInterruptCheck();
    }

    public void If(FunctionType type)
    {
        var condition = Pop();
        SpillCondition(ref condition);
        Settle();

        // Both arms find the parameters in the same place; it is where an if without else has its results, too.
        MoveToCanonical(_stack.Count - type.Parameters.Length, type.Parameters);
        ReplaceByCanonical(_stack.Count - type.Parameters.Length, type.Parameters);
        var otherwise = DefineLabel();
        EmitBranchIf(condition, whenTrue: false, otherwise);
        Enter(ControlKind.If, type, DefineLabel());
        ref var frame = ref CollectionsMarshal.AsSpan(_frames)[^1];
        frame.ElseLabel = otherwise;
        frame.HasElse = true;
        frame.Sp = _sp;
        frame.Global = _global;
        frame.Checked = new(_checked);
    }

    public void Else(bool reachable)
    {
        ref var frame = ref CollectionsMarshal.AsSpan(_frames)[^1];

        if (reachable)
        {
            MoveToCanonical(frame.Height, frame.Type.Results);
            _il.Emit(OpCodes.Br, frame.Label);
        }

        MarkLabel(frame.ElseLabel);
        Know(frame.Checked!);
        frame.Checked = null;
        frame.HasElse = false;
        _sp = frame.Sp;
        _global = frame.Global;
        ResetStack(frame.Height);
        PushCanonical(frame.Height, frame.Type.Parameters);
    }

    public void End(bool reachable)
    {
        var frame = _frames[^1];

        if (frame.Kind == ControlKind.Function)
        {
            if (reachable)
                EmitReturn();

            EmitOutOfLine();
            return;
        }

        if (reachable)
            MoveToCanonical(frame.Height, frame.Type.Results);

        if (frame.Checked is { } before)
        {
            // The way around the arm comes here as well, and nobody branches here where the shape is Go's.
            var known = reachable || _go is null ? Common(before) : before;
            MarkLabel(frame.ElseLabel);
            _il.MarkLabel(frame.Label);
            Know(_go is null ? [] : known);
        }
        else if (frame.Kind != ControlKind.Loop)
        {
            EndLabel(frame);
        }

        _frames.RemoveAt(_frames.Count - 1);

        if (_go is not null)
            EndGo(frame);

        ResetStack(frame.Height);
        PushCanonical(frame.Height, frame.Type.Results);
    }

    public void Br(uint depth)
    {
        if (_go is not null)
            EmitGoJump();
        else
            EmitBranch(depth);
    }

    public void BrIf(uint depth)
    {
        // Behind a call, which has seen to it that the function does not go on when it unwinds.
        if (_go is not null)
        {
            Drop();
            return;
        }

        var condition = Pop();
        SpillCondition(ref condition);
        Settle();
        ref readonly var target = ref Target(depth);

        if (target.Kind != ControlKind.Function && target.Arity == 0)
        {
            EmitBranchIf(condition, whenTrue: true, target.Label);
            return;
        }

        var skip = DefineLabel();
        EmitBranchIf(condition, whenTrue: false, skip);
        EmitBranch(depth);
        MarkLabel(skip);
    }

    public void BrTable(ReadOnlySpan<uint> depths)
    {
        if (_go is not null)
        {
            Drop();
            EmitGoDispatch(depths);
            return;
        }

        var index = Pop();
        SpillCondition(ref index);
        Settle();
        var labels = new Label[depths.Length - 1];
        var trampolines = new Dictionary<uint, Label>();

        for (var i = 0; i < labels.Length; i++)
            labels[i] = TableLabel(depths[i], trampolines);

        var otherwise = TableLabel(depths[^1], trampolines);
        EmitEntry(index);
        _il.Emit(OpCodes.Switch, labels);
        _il.Emit(OpCodes.Br, otherwise);

        foreach (var (depth, label) in trampolines)
        {
            _il.MarkLabel(label);
            EmitBranch(depth);
        }
    }

    public void Return() => EmitReturn();

    public void Unreachable()
    {
        SpillEvaluated();
        _il.Emit(OpCodes.Br, TrapLabel(TrapKind.Unreachable));
    }

    public void Drop()
    {
        if (Pop().Node is null)
            _il.Emit(OpCodes.Pop);
    }

    public void Select(ValueType type)
    {
        var condition = Pop();
        SpillCondition(ref condition);
        SpillEvaluated();
        var second = Pop();
        var first = Pop();
        var result = NewTemporary(type);
        var (otherwise, end) = (DefineLabel(), DefineLabel());
        EmitBranchIf(condition, whenTrue: false, otherwise);
        EmitEntry(first);
        _il.Emit(OpCodes.Stloc, result);
        _il.Emit(OpCodes.Br, end);
        _il.MarkLabel(otherwise);
        EmitEntry(second);
        _il.Emit(OpCodes.Stloc, result);
        _il.MarkLabel(end);
        Push(Node.OfTemporary(type, result));
    }

    public void LocalGet(uint local)
    {
        if (_go is not null && local == 1)
        {
            Push(Node.OfSp(_sp));
            return;
        }

        if (local == 0)
            FlushSelector();

        Push(Node.OfLocal(_localTypes[(int)local], (int)local));
    }

    public void LocalSet(uint local)
    {
        var value = Pop();

        if (_go is not null && TrySetGoLocal((int)local, value))
            return;

        PutReadersAside((int)local);
        EmitEntry(value);
        EmitStoreLocal((int)local);
        ForgetChecks((int)local);
    }

    public void LocalTee(uint local)
    {
        LocalSet(local);
        LocalGet(local);
    }

    public void GlobalGet(uint global)
    {
        if (_go is not null && global == 0 && _global is { } displacement)
        {
            Push(Node.OfSp(displacement));
            return;
        }

        var type = Module.Globals[(int)global].ValueType;
        EmitGlobalAddress(global);
        SlotCode.EmitLoad(_il, type);
        PushEvaluated(type);
    }

    public void GlobalSet(uint global)
    {
        var value = Pop();

        if (value.Node is null)
            value = PutAside(value);

        EmitGlobalAddress(global);

        if (_go is not null && global == 0 && value.Node is { Kind: NodeKind.Sp } sp)
        {
            _global = sp.Displacement;
            EmitSp(sp.Displacement);
            _il.Emit(OpCodes.Stind_I8);
            return;
        }

        EmitEntry(value);
        SlotCode.EmitStore(_il, value.Type);
    }

    public void Const(ValueType type, ulong bits) => Push(Node.Const(type, bits));

    public void RefNull(ValueType type) => Push(Node.Const(type, 0));

    private void EmitGlobalAddress(uint global)
    {
        if (global < (uint)Module.ImportedGlobalCount)
        {
            EmitInstance();
            EmitI4((int)global);
            _il.Emit(OpCodes.Call, RuntimeMethods.Method(nameof(RuntimeMethods.GlobalCell)));
            return;
        }

        EmitContextAddress(ContextLayout.Global((int)global - Module.ImportedGlobalCount));
    }

    private void Enter(ControlKind kind, FunctionType type, Label label) => _frames.Add(new CompiledFrame
    {
        Kind = kind,
        Type = type,
        Label = label,
        Height = _stack.Count - type.Parameters.Length,
    });

    private ref readonly CompiledFrame Target(uint depth) => ref CollectionsMarshal.AsSpan(_frames)[_frames.Count - 1 - (int)depth];

    private Label TableLabel(uint depth, Dictionary<uint, Label> trampolines)
    {
        ref readonly var target = ref Target(depth);

        if (target.Kind != ControlKind.Function && target.Arity == 0)
            return target.Label;

        if (!trampolines.TryGetValue(depth, out var label))
            trampolines.Add(depth, label = DefineLabel());

        return label;
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

        Settle();
        var types = target.LabelTypes;

        // The values move down or stay, so ascending order overwrites none that is still to be moved.
        for (var i = 0; i < types.Length; i++)
            StoreCanonical(target.Height + i, _stack[_stack.Count - types.Length + i]);

        _il.Emit(OpCodes.Br, target.Label);
    }

    private void EmitReturn()
    {
        var results = _signature.Type.Results;

        // What is returned stands alone on the evaluation stack.
        if (_stack.Count(entry => entry.Node is null) > (results.Length == 1 && _stack[^1].Node is null ? 1 : 0))
            SpillEvaluated();

        if (EntersLoops)
        {
            EmitReturnInSlots(results);
            return;
        }

        if (_signature.IsGo)
        {
            EmitGoReturn();
            return;
        }

        if (results.Length == 1)
        {
            EmitEntry(_stack[^1]);
        }
        else if (results.Length > 1)
        {
            SpillEvaluated();

            for (var i = 0; i < results.Length; i++)
            {
                EmitContextField(ContextLayout.ValueStackTop, OpCodes.Ldind_I);
                EmitAdd(i * sizeof(ulong));
                EmitEntry(_stack[_stack.Count - results.Length + i]);
                SlotCode.EmitStore(_il, results[i]);
            }
        }

        _il.Emit(OpCodes.Ret);
    }

    /// <summary>Loads all locals, and goes to the loop. Every label of one is there: the interpreter counted the same loops.</summary>
    private void EmitEnterLoop()
    {
        _loops = new Label[_module.LoopCount(_function)];

        for (var i = 0; i < _loops.Length; i++)
            _loops[i] = DefineLabel();

        for (var i = 0; i < _localTypes.Count; i++)
        {
            _il.Emit(OpCodes.Ldarg_0);
            EmitAdd(i * sizeof(ulong));
            SlotCode.EmitLoad(_il, _localTypes[i]);
            EmitStoreLocal(i);
        }

        _il.Emit(OpCodes.Ldarg_2);
        _il.Emit(OpCodes.Switch, _loops);
        EmitNeverReached();
    }

    private void EmitReturnInSlots(ImmutableArray<ValueType> results)
    {
        SpillEvaluated();

        for (var i = 0; i < results.Length; i++)
        {
            _il.Emit(OpCodes.Ldarg_0);
            EmitAdd(i * sizeof(ulong));
            EmitEntry(_stack[_stack.Count - results.Length + i]);
            SlotCode.EmitStore(_il, results[i]);
        }

        _il.Emit(OpCodes.Ret);
    }

    /// <summary>A frame whose native stack ends, or whose call was interrupted, is left to the interpreter, which needs no native stack for guest calls.</summary>
    private void EmitEntryCheck()
    {
        var marker = _il.DeclareLocal(typeof(int));
        DefineEntrySlow();
        _il.Emit(OpCodes.Ldloca, marker);
        _il.Emit(OpCodes.Conv_U);
        EmitContextField(ContextLayout.StackLimit, OpCodes.Ldind_I);
        _il.Emit(OpCodes.Blt_Un, _entrySlow);
    }

    private void DefineEntrySlow()
    {
        _entrySlow = DefineLabel();
        _hasEntryCheck = true;
    }

    private void EmitInterruptCheck()
    {
        var clear = DefineLabel();

        EmitFlags();
        _il.Emit(OpCodes.Brfalse, clear);
        EmitInstance();
        _il.Emit(OpCodes.Call, RuntimeMethods.Method(nameof(RuntimeMethods.Attend)));
        _il.MarkLabel(clear);
    }

    /// <summary>What is rarely reached, behind everything else.</summary>
    private void EmitOutOfLine()
    {
        if (_hasEntryCheck)
        {
            _il.MarkLabel(_entrySlow);

            if (_isResume)
            {
                var stub = DefineLabel();
                _il.Emit(OpCodes.Ldarg_3);
                _il.Emit(OpCodes.Brfalse, stub);
                EmitI8(GoConvention.Refused);
                _il.Emit(OpCodes.Ret);
                _il.MarkLabel(stub);
            }

            for (var i = 0; i < _signature.Parameters.Length; i++)
                _il.Emit(OpCodes.Ldarg, (short)i);

            EmitPointer(_module.Stub(_function));
            _il.EmitCalli(OpCodes.Calli, System.Reflection.CallingConventions.Standard, _signature.Result, _signature.Parameters, null);
            _il.Emit(OpCodes.Ret);
        }

        if (_go is not null)
            EmitGoOutOfLine();

        foreach (var (kind, label) in _traps)
        {
            _il.MarkLabel(label);
            EmitI4(kind);
            _il.Emit(OpCodes.Call, RuntimeMethods.Method(nameof(RuntimeMethods.Throw)));
            EmitNeverReached();
        }

        // Labels that nothing goes to may stand at the very end.
        EmitNeverReached();
    }

    /// <summary>Tells the JIT that control does not come here; a call that might return would make every check expensive.</summary>
    private void EmitNeverReached()
    {
        _il.Emit(OpCodes.Ldnull);
        _il.Emit(OpCodes.Throw);
    }

    private Label TrapLabel(TrapKind kind)
    {
        if (!_traps.TryGetValue((int)kind, out var label))
            _traps.Add((int)kind, label = DefineLabel());

        return label;
    }

    /// <summary>A block ends: what was known is known still where its end is only reached from what stands before it.</summary>
    private void EndLabel(in CompiledFrame frame)
    {
        if (_go is { HasDispatch: true } && !_isResume && frame.Kind == ControlKind.Block && _block < _go.Blocks.Length && !_go.Blocks[_block].IsJumpTarget)
            _il.MarkLabel(frame.Label);
        else
            MarkLabel(frame.Label);
    }

    private Label DefineLabel()
    {
        _labels++;
        return _il.DefineLabel();
    }

    private void MarkLabel(Label label)
    {
        _il.MarkLabel(label);
        ForgetChecks();
    }
}
