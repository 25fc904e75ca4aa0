using System.Reflection.Emit;

namespace PluginHost.Wasm.Compiler;

/// <summary>Generated code that moves a value between the evaluation stack and a slot, where values are their bits.</summary>
internal static class SlotCode
{
    /// <summary>Loads a slot's value. On the stack: the slot's address.</summary>
    public static void EmitLoad(ILGenerator il, ValueType type) => il.Emit(type switch
    {
        ValueType.I32 => OpCodes.Ldind_I4,
        ValueType.F32 => OpCodes.Ldind_R4,
        ValueType.F64 => OpCodes.Ldind_R8,
        _ => OpCodes.Ldind_I8,
    });

    /// <summary>Stores a value into a slot; the upper half of a 32-bit one becomes zero. On the stack: the slot's address and the value.</summary>
    public static void EmitStore(ILGenerator il, ValueType type)
    {
        switch (type)
        {
            case ValueType.I32:
                il.Emit(OpCodes.Conv_U8);
                il.Emit(OpCodes.Stind_I8);
                break;
            case ValueType.F32:
                il.Emit(OpCodes.Call, typeof(BitConverter).GetMethod(nameof(BitConverter.SingleToUInt32Bits))!);
                il.Emit(OpCodes.Conv_U8);
                il.Emit(OpCodes.Stind_I8);
                break;
            case ValueType.F64:
                il.Emit(OpCodes.Stind_R8);
                break;
            default:
                il.Emit(OpCodes.Stind_I8);
                break;
        }
    }
}
