using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Wasm.SpecTests;

/// <summary>The module <c>spectest</c> that the suite's scripts import from.</summary>
internal static class SpecTestModule
{
    private const string Name = "spectest";

    public static LinearMemory AddTo(Imports imports)
    {
        var memory = new LinearMemory(new MemoryType(new Limits(1, 2)));

        AddPrint(imports, "print");
        AddPrint(imports, "print_i32", ValueType.I32);
        AddPrint(imports, "print_i64", ValueType.I64);
        AddPrint(imports, "print_f32", ValueType.F32);
        AddPrint(imports, "print_f64", ValueType.F64);
        AddPrint(imports, "print_i32_f32", ValueType.I32, ValueType.F32);
        AddPrint(imports, "print_f64_f64", ValueType.F64, ValueType.F64);
        AddGlobal(imports, "global_i32", ValueType.I32, 666);
        AddGlobal(imports, "global_i64", ValueType.I64, 666);
        AddGlobal(imports, "global_f32", ValueType.F32, BitConverter.SingleToUInt32Bits(666.6f));
        AddGlobal(imports, "global_f64", ValueType.F64, BitConverter.DoubleToUInt64Bits(666.6));
        imports.Add(Name, "table", new Table(new TableType(ValueType.FuncRef, new Limits(10, 20))));
        imports.Add(Name, "memory", memory);
        return memory;
    }

    private static void AddPrint(Imports imports, string name, params ValueType[] parameters) =>
        imports.Add(Name, name, new FunctionType([.. parameters], []), static (ref HostCall _) => { });

    private static void AddGlobal(Imports imports, string name, ValueType type, ulong bits) =>
        imports.Add(Name, name, new Global(new GlobalType(type, IsMutable: false), bits));
}
