using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace PluginHost.Wasm.Compiler;

/// <summary>An assembly of generated code, which the collector frees when neither the module nor running code refers to it.</summary>
internal sealed class CodeAssembly
{
    private static readonly CustomAttributeBuilder AccessToEngine = new(
        typeof(IgnoresAccessChecksToAttribute).GetConstructor([typeof(string)])!, [typeof(CodeAssembly).Assembly.GetName().Name!]);

    private const int MaximumTypes = 128;

    private readonly ModuleBuilder _module;
    private int _types;

    public CodeAssembly()
    {
        var assembly = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("compiled"), AssemblyBuilderAccess.RunAndCollect);
        assembly.SetCustomAttribute(AccessToEngine);
        _module = assembly.DefineDynamicModule("compiled");
    }

    /// <summary>Whether the next code had better go into another: what made the code keeps several times the memory that the code takes, as long as there is more to come.</summary>
    public bool IsFull => _types >= MaximumTypes;

    public TypeBuilder DefineType(string name) => _module.DefineType(name, TypeAttributes.Public | TypeAttributes.Abstract | TypeAttributes.Sealed);

    /// <summary>Defines a static method alone in a type of its own, which needs not be finished.</summary>
    public MethodBuilder DefineMethod(string name, Type result, Type[] parameters)
    {
        var method = DefineType($"{name}.{_types++}").DefineMethod(name, MethodAttributes.Public | MethodAttributes.Static, result, parameters);
        method.InitLocals = false;
        return method;
    }

    /// <summary>Finishes the type of a method.</summary>
    /// <param name="prepare">Whether to have it compiled here and now, and not by its first call.</param>
    /// <returns>The address of its code. It is valid as long as the returned method is referred to.</returns>
    public static (MethodInfo Method, nint Address) Finish(MethodBuilder builder, bool prepare)
    {
        var type = ((TypeBuilder)builder.DeclaringType!).CreateType();
        return Find(type, builder.Name, prepare);
    }

    public static (MethodInfo Method, nint Address) Find(Type type, string name, bool prepare)
    {
        var method = type.GetMethod(name)!;

        if (prepare)
            RuntimeHelpers.PrepareMethod(method.MethodHandle);

        return (method, method.MethodHandle.GetFunctionPointer());
    }
}
