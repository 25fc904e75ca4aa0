using System.Reflection;
using System.Reflection.Emit;
using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Wasm.Compiler;

/// <summary>Calls: through one entry for each function, so that a function is exchanged while others run.</summary>
internal sealed partial class FunctionCompiler
{
    public void Call(uint function)
    {
        _callNumber++;
        var signature = _module.Signature(Module.FunctionTypeIndices[function]);

        if (signature.IsGo && TryEmitProduct(function))
            return;

        if (signature.IsGo)
        {
            EmitGoCall(function, null, () =>
            {
                EmitPointer(_module.EntryAddress(function));
                _il.Emit(OpCodes.Ldind_I);
            });
            EndGoCall(function < (uint)Module.ImportedFunctionCount);
            return;
        }

        var movesSp = _go is not null && !_module.PreservesSp(function);

        if (movesSp)
            SettleSp();

        EmitArguments(signature.Type);
        EmitInstance();
        EmitI4((int)function);
        EmitPointer(_module.EntryAddress(function));
        _il.Emit(OpCodes.Ldind_I);
        EmitCalli(signature);
        PushResults(signature.Type);
        EndPlainCall(movesSp);
    }

    public void CallIndirect(uint type, uint table)
    {
        _callNumber++;
        var signature = _module.Signature(type);
        var canonical = _module.CanonicalType(type);
        var index = Pop();
        var element = _il.DeclareLocal(typeof(long));

        if (table == 0)
        {
            EmitTableElement(index, element);
        }
        else
        {
            if (index.Node is null)
                index = PutAside(index);

            SpillEvaluated();
            EmitInstance();
            EmitI4((int)table);
            EmitEntry(index);
            _il.Emit(OpCodes.Call, RuntimeMethods.Method(nameof(RuntimeMethods.TableElement)));
            _il.Emit(OpCodes.Stloc, element);
        }

        SpillEvaluated();
        var function = _il.DeclareLocal(typeof(long));
        var (foreign, end) = (DefineLabel(), DefineLabel());
        _il.Emit(OpCodes.Ldloc, element);
        EmitContextField(ContextLayout.FirstReference, OpCodes.Ldind_I8);
        _il.Emit(OpCodes.Sub);
        _il.Emit(OpCodes.Stloc, function);
        _il.Emit(OpCodes.Ldloc, function);
        EmitI8(Module.FunctionBodies.Length);
        _il.Emit(OpCodes.Bge_Un, foreign);

        // The types of the functions that the module defines, one behind the other.
        _il.Emit(OpCodes.Ldloc, function);
        EmitNative();
        _il.Emit(OpCodes.Ldc_I4_2);
        _il.Emit(OpCodes.Shl);
        EmitPointer(_module.FunctionTypeAddress((uint)Module.ImportedFunctionCount));
        _il.Emit(OpCodes.Add);
        _il.Emit(OpCodes.Ldind_I4);
        EmitI4((int)canonical);
        _il.Emit(OpCodes.Bne_Un, TrapLabel(TrapKind.IndirectCallTypeMismatch));

        if (signature.IsGo)
        {
            EmitGoCallOfElement(signature.Type, (int)type, element, function, foreign);
            return;
        }

        SettleSp();
        EmitNodes(signature.Type);
        EmitInstance();
        _il.Emit(OpCodes.Ldloc, function);
        _il.Emit(OpCodes.Conv_I4);
        EmitI4(Module.ImportedFunctionCount);
        _il.Emit(OpCodes.Add);
        EmitEntryOfElement(function);
        EmitCalli(signature);
        var result = signature.Result == typeof(void) ? null : NewTemporary(signature.Type.Results[0]);

        if (result is not null)
            _il.Emit(OpCodes.Stloc, result);

        _il.Emit(OpCodes.Br, end);
        _il.MarkLabel(foreign);
        EmitForeignCall(signature.Type, (int)type, element, result);
        MarkLabel(end);
        ResetStack(_stack.Count - signature.Type.Parameters.Length);

        if (result is not null)
            Push(Node.OfTemporary(signature.Type.Results[0], result));
        else
            PushResults(signature.Type);

        EndPlainCall(movesSp: true);
    }

    /// <summary>Loads the entry of a function of the module's own, counted from the first that it defines.</summary>
    private void EmitEntryOfElement(LocalBuilder function)
    {
        _il.Emit(OpCodes.Ldloc, function);
        EmitNative();
        _il.Emit(OpCodes.Ldc_I4_3);
        _il.Emit(OpCodes.Shl);
        EmitPointer(_module.EntryAddress((uint)Module.ImportedFunctionCount));
        _il.Emit(OpCodes.Add);
        _il.Emit(OpCodes.Ldind_I);
    }

    /// <summary>A function of this module is called in Go's convention; another, and a null reference, by the runtime, whose result is made to look the same.</summary>
    private void EmitGoCallOfElement(FunctionType type, int typeIndex, LocalBuilder element, LocalBuilder function, Label foreign)
    {
        if (_stack[^1].Node is null)
            _stack[^1] = PutAside(_stack[^1]);

        var argument = _stack[^1];
        var end = DefineLabel();
        _returned ??= _il.DeclareLocal(typeof(long));
        EmitGoCall(null, () =>
        {
            _il.Emit(OpCodes.Ldloc, function);

            if (Module.ImportedFunctionCount != 0)
            {
                EmitI8(Module.ImportedFunctionCount);
                _il.Emit(OpCodes.Add);
            }
        }, () => EmitEntryOfElement(function));
        _il.Emit(OpCodes.Stloc, _returned);
        _il.Emit(OpCodes.Br, end);
        _il.MarkLabel(foreign);
        _stack.Add(argument);
        var result = NewTemporary(ValueType.I32);
        EmitForeignCall(type, typeIndex, element, result);
        Pop();
        EmitGoReturnedBy(result);
        MarkLabel(end);
        _il.Emit(OpCodes.Ldloc, _returned);
        EndGoCall(isImport: false);
    }

    /// <summary>Makes of a call's i32 what a function in Go's convention would have returned.</summary>
    private void EmitGoReturnedBy(LocalBuilder result)
    {
        var (other, end) = (DefineLabel(), DefineLabel());
        _il.Emit(OpCodes.Ldloc, result);
        _il.Emit(OpCodes.Brtrue, other);
        EmitContextField(ContextLayout.Global(0), OpCodes.Ldind_U4);
        _il.Emit(OpCodes.Conv_U8);
        _il.Emit(OpCodes.Stloc, _returned!);
        _il.Emit(OpCodes.Br, end);
        _il.MarkLabel(other);
        EmitContextAddress(ContextLayout.Result);
        _il.Emit(OpCodes.Ldloc, result);
        _il.Emit(OpCodes.Stind_I4);
        EmitI8(GoConvention.OtherResult);
        _il.Emit(OpCodes.Stloc, _returned!);
        _il.MarkLabel(end);
    }

    /// <summary>Tail calls are the interpreter's: its calls take no native stack.</summary>
    public void ReturnCall(uint function) => Refuse();

    public void ReturnCallIndirect(uint type, uint table) => Refuse();

    private void Refuse()
    {
        IsRefused = true;
        EmitNeverReached();
    }

    private void EmitTableElement(StackEntry index, LocalBuilder element)
    {
        var number = NewTemporary(ValueType.I64);
        EmitEntry(index);
        _il.Emit(OpCodes.Conv_U8);
        _il.Emit(OpCodes.Stloc, number);
        SpillEvaluated();
        _il.Emit(OpCodes.Ldloc, number);
        EmitContextField(ContextLayout.FirstTable, OpCodes.Ldind_I);
        EmitAdd(sizeof(ulong));
        _il.Emit(OpCodes.Ldind_I8);
        _il.Emit(OpCodes.Bge_Un, TrapLabel(TrapKind.UndefinedElement));
        EmitContextField(ContextLayout.FirstTable, OpCodes.Ldind_I);
        _il.Emit(OpCodes.Ldind_I);
        _il.Emit(OpCodes.Ldloc, number);
        EmitNative();
        _il.Emit(OpCodes.Ldc_I4_3);
        _il.Emit(OpCodes.Shl);
        _il.Emit(OpCodes.Add);
        _il.Emit(OpCodes.Ldind_I8);
        _il.Emit(OpCodes.Stloc, element);
    }

    /// <summary>A null reference, or a function that is not this instance's: the runtime calls it, with arguments and results in slots.</summary>
    private void EmitForeignCall(FunctionType type, int typeIndex, LocalBuilder element, LocalBuilder? result)
    {
        var slots = _il.DeclareLocal(typeof(ulong*));
        EmitContextField(ContextLayout.ValueStackTop, OpCodes.Ldind_I);
        _il.Emit(OpCodes.Stloc, slots);

        for (var i = 0; i < type.Parameters.Length; i++)
        {
            _il.Emit(OpCodes.Ldloc, slots);
            EmitAdd(i * sizeof(ulong));
            EmitEntry(_stack[_stack.Count - type.Parameters.Length + i]);
            SlotCode.EmitStore(_il, type.Parameters[i]);
        }

        EmitInstance();
        _il.Emit(OpCodes.Ldloc, element);
        EmitI4(typeIndex);
        _il.Emit(OpCodes.Ldloc, slots);
        _il.Emit(OpCodes.Call, RuntimeMethods.Method(nameof(RuntimeMethods.CallReference)));

        if (result is not null)
        {
            _il.Emit(OpCodes.Ldloc, slots);
            SlotCode.EmitLoad(_il, type.Results[0]);
            _il.Emit(OpCodes.Stloc, result);
        }
    }

    /// <summary>Puts a call's arguments on the evaluation stack, where some may stand already, and takes them off the operand stack.</summary>
    private void EmitArguments(FunctionType type)
    {
        var first = _stack.Count - type.Parameters.Length;
        var isLater = false;

        for (var i = first; i < _stack.Count; i++)
        {
            // One that stands there above one that does not would come out of order.
            if (_stack[i].Node is null && isLater)
            {
                SpillEvaluated();
                break;
            }

            isLater |= _stack[i].Node is not null;
        }

        EmitNodes(type);
        ResetStack(first);
    }

    private void EmitNodes(FunctionType type)
    {
        for (var i = _stack.Count - type.Parameters.Length; i < _stack.Count; i++)
            EmitEntry(_stack[i]);
    }

    private void EmitCalli(Signature signature) =>
        _il.EmitCalli(OpCodes.Calli, CallingConventions.Standard, signature.Result, signature.Parameters, null);

    private void PushResults(FunctionType type)
    {
        if (type.Results.Length == 1)
        {
            PushEvaluated(type.Results[0]);
            return;
        }

        // Several results lie on top of the value stack only until the next call.
        for (var i = 0; i < type.Results.Length; i++)
        {
            EmitContextField(ContextLayout.ValueStackTop, OpCodes.Ldind_I);
            EmitAdd(i * sizeof(ulong));
            SlotCode.EmitLoad(_il, type.Results[i]);
            var entry = PutAside(new StackEntry(null, type.Results[i]));
            _stack.Add(entry);
        }
    }
}
