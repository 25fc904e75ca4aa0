using PluginHost.Wasm.Runtime;

namespace PluginHost.Wasm.Compiler;

/// <summary>Where the fields of an <see cref="InstanceContext"/> lie, counted from the first byte behind it, which is what compiled code has.</summary>
internal static unsafe class ContextLayout
{
    public static int MemoryLength { get; } = Offset(nameof(InstanceContext.MemoryLength));

    public static int MemoryBase { get; } = Offset(nameof(InstanceContext.MemoryBase));

    public static int Interrupt { get; } = Offset(nameof(InstanceContext.Interrupt));

    public static int StackLimit { get; } = Offset(nameof(InstanceContext.StackLimit));

    public static int ValueStackTop { get; } = Offset(nameof(InstanceContext.ValueStackTop));

    public static int FirstReference { get; } = Offset(nameof(InstanceContext.FirstReference));

    public static int FirstTable { get; } = Offset(nameof(InstanceContext.FirstTable));

    public static int Result { get; } = Offset(nameof(InstanceContext.Result));

    /// <summary>The global number <paramref name="index"/> of those that the module defines.</summary>
    public static int Global(int index) => -sizeof(InstanceContext) - ((index + 1) * sizeof(ulong));

    private static int Offset(string field) => (int)System.Runtime.InteropServices.Marshal.OffsetOf<InstanceContext>(field) - sizeof(InstanceContext);
}
