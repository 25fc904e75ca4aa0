using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.InteropServices;

namespace PluginHost.Wasm.Compiler;

/// <summary>Passes instructions on and counts them, which is what the JIT does before it decides whether to optimise.</summary>
internal sealed class CountingIlGenerator(ILGenerator il) : ILGenerator
{
    /// <summary>The instructions so far.</summary>
    public int Instructions { get; private set; }

    /// <summary>Those that read or assign an argument or a local.</summary>
    public int References { get; private set; }

    public override int ILOffset => il.ILOffset;

    public override void Emit(OpCode opcode) => Count(opcode).Emit(opcode);

    public override void Emit(OpCode opcode, byte arg) => Count(opcode).Emit(opcode, arg);

    public override void Emit(OpCode opcode, double arg) => Count(opcode).Emit(opcode, arg);

    public override void Emit(OpCode opcode, short arg) => Count(opcode).Emit(opcode, arg);

    public override void Emit(OpCode opcode, int arg) => Count(opcode).Emit(opcode, arg);

    public override void Emit(OpCode opcode, long arg) => Count(opcode).Emit(opcode, arg);

    public override void Emit(OpCode opcode, ConstructorInfo con) => Count(opcode).Emit(opcode, con);

    public override void Emit(OpCode opcode, LocalBuilder local) => Count(opcode).Emit(opcode, local);

    public override void Emit(OpCode opcode, SignatureHelper signature) => Count(opcode).Emit(opcode, signature);

    public override void Emit(OpCode opcode, float arg) => Count(opcode).Emit(opcode, arg);

    public override void Emit(OpCode opcode, FieldInfo field) => Count(opcode).Emit(opcode, field);

    public override void Emit(OpCode opcode, Label label) => Count(opcode).Emit(opcode, label);

    public override void Emit(OpCode opcode, Label[] labels) => Count(opcode).Emit(opcode, labels);

    public override void Emit(OpCode opcode, string str) => Count(opcode).Emit(opcode, str);

    public override void Emit(OpCode opcode, Type cls) => Count(opcode).Emit(opcode, cls);

    public override void Emit(OpCode opcode, MethodInfo meth) => Count(opcode).Emit(opcode, meth);

    public override void EmitCall(OpCode opcode, MethodInfo methodInfo, Type[]? optionalParameterTypes) => Count(opcode).EmitCall(opcode, methodInfo, optionalParameterTypes);

    public override void EmitCalli(OpCode opcode, CallingConventions callingConvention, Type? returnType, Type[]? parameterTypes, Type[]? optionalParameterTypes) =>
        Count(opcode).EmitCalli(opcode, callingConvention, returnType, parameterTypes, optionalParameterTypes);

    public override void EmitCalli(OpCode opcode, CallingConvention unmanagedCallConv, Type? returnType, Type[]? parameterTypes) =>
        Count(opcode).EmitCalli(opcode, unmanagedCallConv, returnType, parameterTypes);

    public override LocalBuilder DeclareLocal(Type localType, bool pinned) => il.DeclareLocal(localType, pinned);

    public override Label DefineLabel() => il.DefineLabel();

    public override void MarkLabel(Label loc) => il.MarkLabel(loc);

    public override Label BeginExceptionBlock() => il.BeginExceptionBlock();

    public override void BeginCatchBlock(Type? exceptionType) => il.BeginCatchBlock(exceptionType);

    public override void BeginExceptFilterBlock() => il.BeginExceptFilterBlock();

    public override void BeginFaultBlock() => il.BeginFaultBlock();

    public override void BeginFinallyBlock() => il.BeginFinallyBlock();

    public override void EndExceptionBlock() => il.EndExceptionBlock();

    public override void BeginScope() => il.BeginScope();

    public override void EndScope() => il.EndScope();

    public override void UsingNamespace(string usingNamespace) => il.UsingNamespace(usingNamespace);

    private ILGenerator Count(OpCode opcode)
    {
        Instructions++;

        // ldarg.0 to stloc.s, and ldarg to stloc.
        if ((ushort)opcode.Value is (>= 0x02 and <= 0x13) or (>= 0xFE09 and <= 0xFE0E))
            References++;

        return il;
    }
}
