using System.Reflection;
using System.Reflection.Emit;

namespace PluginHost.Wasm.Compiler;

/// <summary>The pieces of generated code that every function type needs to cross between compiled and interpreted code.</summary>
internal static class SignatureCode
{
    /// <summary>
    /// What stands in the place of a function that is not compiled: it lays the arguments out as slots on top of the value stack and calls
    /// <see cref="RuntimeMethods.Call"/>.
    /// </summary>
    public static void DefineStub(TypeBuilder type, string name, Signature signature)
    {
        var il = Define(type, name, signature.Result, signature.Parameters);
        var slots = il.DeclareLocal(typeof(ulong*));
        il.Emit(OpCodes.Ldarg, (short)signature.InstanceArgument);
        EmitField(il, ContextLayout.ValueStackTop, OpCodes.Ldind_I);
        il.Emit(OpCodes.Stloc, slots);

        if (signature.IsGo)
        {
            // The argument stands above the index.
            il.Emit(OpCodes.Ldloc, slots);
            il.Emit(OpCodes.Ldarg_2);
            il.Emit(OpCodes.Ldc_I4, 32);
            il.Emit(OpCodes.Shr_Un);
            il.Emit(OpCodes.Stind_I8);
            il.Emit(OpCodes.Ldarg_1);
            il.Emit(OpCodes.Ldarg_2);
            il.Emit(OpCodes.Conv_I4);
            EmitCall(il, slots);
            EmitGoResult(il, 1, () =>
            {
                il.Emit(OpCodes.Ldloc, slots);
                il.Emit(OpCodes.Ldind_I4);
            });
            return;
        }

        for (var i = 0; i < signature.Type.Parameters.Length; i++)
        {
            il.Emit(OpCodes.Ldloc, slots);
            EmitOffset(il, i);
            il.Emit(OpCodes.Ldarg, (short)i);
            SlotCode.EmitStore(il, signature.Type.Parameters[i]);
        }

        il.Emit(OpCodes.Ldarg, (short)signature.InstanceArgument);
        il.Emit(OpCodes.Ldarg, (short)(signature.InstanceArgument + 1));
        EmitCall(il, slots);

        if (signature.Result != typeof(void))
        {
            il.Emit(OpCodes.Ldloc, slots);
            SlotCode.EmitLoad(il, signature.Type.Results[0]);
        }

        il.Emit(OpCodes.Ret);
    }

    /// <summary>What calls compiled code with arguments in slots, and leaves the results there: <c>void (ulong* slots, byte* instance, int index, nint code)</c>.</summary>
    public static void DefineThunk(TypeBuilder type, string name, Signature signature)
    {
        var il = Define(type, name, typeof(void), [typeof(ulong*), IlTypes.Instance, typeof(int), typeof(nint)]);
        var results = signature.Type.Results;

        if (signature.IsGo)
        {
            DefineGoThunk(il, signature);
            return;
        }

        if (results.Length == 1)
            il.Emit(OpCodes.Ldarg_0);

        for (var i = 0; i < signature.Type.Parameters.Length; i++)
        {
            il.Emit(OpCodes.Ldarg_0);
            EmitOffset(il, i);
            SlotCode.EmitLoad(il, signature.Type.Parameters[i]);
        }

        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldarg_2);
        il.Emit(OpCodes.Ldarg_3);
        il.EmitCalli(OpCodes.Calli, CallingConventions.Standard, signature.Result, signature.Parameters, null);

        if (results.Length == 1)
        {
            SlotCode.EmitStore(il, results[0]);
        }
        else
        {
            for (var i = 0; i < results.Length; i++)
            {
                il.Emit(OpCodes.Ldarg_0);
                EmitOffset(il, i);
                il.Emit(OpCodes.Ldarg_1);
                EmitField(il, ContextLayout.ValueStackTop, OpCodes.Ldind_I);
                EmitOffset(il, i);
                il.Emit(OpCodes.Ldind_I8);
                il.Emit(OpCodes.Stind_I8);
            }
        }

        il.Emit(OpCodes.Ret);
    }

    /// <summary>Returns from a function in Go's convention with a result that <paramref name="load"/> puts on the evaluation stack.</summary>
    public static void EmitGoResult(ILGenerator il, short instanceArgument, Action load)
    {
        var other = il.DefineLabel();
        load();
        il.Emit(OpCodes.Brtrue, other);
        il.Emit(OpCodes.Ldarg, instanceArgument);
        EmitField(il, ContextLayout.Global(0), OpCodes.Ldind_U4);
        il.Emit(OpCodes.Conv_U8);
        il.Emit(OpCodes.Ret);
        il.MarkLabel(other);
        EmitOtherResult(il, instanceArgument, load);
    }

    /// <summary>Returns from a function in Go's convention with a result that is not 0.</summary>
    public static void EmitOtherResult(ILGenerator il, short instanceArgument, Action load)
    {
        il.Emit(OpCodes.Ldarg, instanceArgument);
        EmitOffsetBytes(il, ContextLayout.Result);
        load();
        il.Emit(OpCodes.Stind_I4);
        il.Emit(OpCodes.Ldc_I8, GoConvention.OtherResult);
        il.Emit(OpCodes.Ret);
    }

    private static void DefineGoThunk(ILGenerator il, Signature signature)
    {
        var result = il.DeclareLocal(typeof(long));
        il.Emit(OpCodes.Ldarg_1);
        EmitField(il, ContextLayout.Global(0), OpCodes.Ldind_U4);
        il.Emit(OpCodes.Conv_U8);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldind_I8);
        il.Emit(OpCodes.Ldc_I4, 32);
        il.Emit(OpCodes.Shl);
        il.Emit(OpCodes.Ldarg_2);
        il.Emit(OpCodes.Conv_U8);
        il.Emit(OpCodes.Or);
        il.Emit(OpCodes.Ldarg_3);
        il.EmitCalli(OpCodes.Calli, CallingConventions.Standard, signature.Result, signature.Parameters, null);
        il.Emit(OpCodes.Stloc, result);
        il.Emit(OpCodes.Ldarg_0);
        EmitWasmResult(il, 1, result);
        il.Emit(OpCodes.Conv_U8);
        il.Emit(OpCodes.Stind_I8);
        il.Emit(OpCodes.Ret);
    }

    /// <summary>Leaves the i32 that a function in Go's convention returned: 0, or what it left in the context.</summary>
    public static void EmitWasmResult(ILGenerator il, short instanceArgument, LocalBuilder returned)
    {
        // All bits where it is negative, none where it is not.
        il.Emit(OpCodes.Ldloc, returned);
        il.Emit(OpCodes.Ldc_I4, 63);
        il.Emit(OpCodes.Shr);
        il.Emit(OpCodes.Conv_I4);
        il.Emit(OpCodes.Ldarg, instanceArgument);
        EmitField(il, ContextLayout.Result, OpCodes.Ldind_I4);
        il.Emit(OpCodes.And);
    }

    private static ILGenerator Define(TypeBuilder type, string name, Type result, Type[] parameters)
    {
        var method = type.DefineMethod(name, MethodAttributes.Public | MethodAttributes.Static, result, parameters);
        method.InitLocals = false;
        return method.GetILGenerator();
    }

    private static void EmitCall(ILGenerator il, LocalBuilder slots)
    {
        il.Emit(OpCodes.Ldloc, slots);
        il.Emit(OpCodes.Call, RuntimeMethods.Method(nameof(RuntimeMethods.Call)));
    }

    private static void EmitOffset(ILGenerator il, int index) => EmitOffsetBytes(il, index * sizeof(ulong));

    private static void EmitOffsetBytes(ILGenerator il, int offset)
    {
        if (offset == 0)
            return;

        il.Emit(OpCodes.Ldc_I4, offset);
        il.Emit(OpCodes.Conv_I);
        il.Emit(OpCodes.Add);
    }

    private static void EmitField(ILGenerator il, int offset, OpCode load)
    {
        EmitOffsetBytes(il, offset);
        il.Emit(load);
    }
}
