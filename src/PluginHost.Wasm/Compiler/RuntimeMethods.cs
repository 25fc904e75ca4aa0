using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PluginHost.Wasm.Interpreter;
using PluginHost.Wasm.Numerics;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Wasm.Compiler;

/// <summary>
/// What compiled code calls of the runtime. Compiled code knows its instance by one pointer: the first byte behind its <see cref="InstanceContext"/>.
/// </summary>
internal static unsafe class RuntimeMethods
{
    /// <summary>What is copied or filled without a look at the interrupt.</summary>
    private const uint LongestPiece = 64 * 1024;

    /// <summary>What <see cref="Multiply"/> reaches above SP.</summary>
    public const int ProductFrameBytes = 5 * sizeof(ulong);

    /// <summary>The method of the name, for compiled code to call.</summary>
    public static MethodInfo Method(string name) => typeof(RuntimeMethods).GetMethod(name, BindingFlags.Static | BindingFlags.Public)!;

    /// <summary>Ends the call. Compiled code throws behind the call, so that the JIT sees that nothing follows.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Throw(int kind) => Traps.Throw((TrapKind)kind);

    /// <summary>Ends a call that was interrupted, and has one that computes for long wait for its turn.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Attend(byte* instance) => Instance(instance).Yield();

    /// <summary>Has the interpreter go on with a function of Go's where its <c>br_table</c> goes with the selector. Its locals stand in slots, where its result comes to stand.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Continue(byte* instance, int function, int selector, ulong* slots) =>
        Instance(instance).ContinueInterpreted((uint)function, (uint)selector, slots);

    /// <summary>Has the interpreter go on behind one of a function's calls, by its number. Locals, operands and the call's results stand in slots, where its result comes to stand.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void ContinueBehindCall(byte* instance, int function, int call, ulong* slots) =>
        Instance(instance).ContinueBehindCall((uint)function, call, slots);

    /// <summary>Has the interpreter go on with a function at a place in the module's bytes. Its locals stand in slots, where its result comes to stand.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void ContinueAt(byte* instance, int function, int at, ulong* slots) => Instance(instance).ContinueAt((uint)function, at, slots);

    /// <summary>Calls a function that has no compiled code: an imported one, or one that is interpreted. Results replace the arguments.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Call(byte* instance, int function, ulong* slots) => Instance(instance).CallOutOfCompiledCode((uint)function, slots);

    /// <summary>Calls a function of another instance, or the host's, that a table held. Its results replace the arguments.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void CallReference(byte* instance, ulong reference, int type, ulong* slots)
    {
        var self = Instance(instance);
        self.CallReference(reference, (uint)type, slots);
        Context(instance)->ValueStackTop = slots;
    }

    /// <summary>The reference that a table holds, for a call.</summary>
    public static long TableElement(byte* instance, int table, int index)
    {
        var elements = Instance(instance).Tables[table];

        if ((uint)index >= elements.Size)
            Traps.Throw(TrapKind.UndefinedElement);

        return (long)elements.Pointer[(uint)index];
    }

    /// <summary>Mul64 of Go, with what it has above SP: the return address, two factors, the high and the low half of their product.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Multiply(byte* sp)
    {
        var frame = (ulong*)sp;
        frame[3] = Math.BigMul(frame[1], frame[2], out frame[4]);
    }

    public static int MemoryGrow(byte* instance, int delta) => Instance(instance).Memory!.Grow((uint)delta);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MemoryCopy(byte* instance, int destination, int source, int length)
    {
        var memory = Context(instance)->MemoryBase;
        var memoryLength = ((InstanceContext*)memory - 1)->MemoryLength;

        // Short ones at once: no address and length together wrap in 64 bits.
        if ((uint)length <= LongestPiece && (ulong)(uint)destination + (uint)length <= memoryLength && (ulong)(uint)source + (uint)length <= memoryLength)
            new ReadOnlySpan<byte>(memory + (uint)source, length).CopyTo(new Span<byte>(memory + (uint)destination, length));
        else
            BulkOperations.MemoryCopy(Instance(instance), (uint)destination, (uint)source, (uint)length);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MemoryFill(byte* instance, int destination, int value, int length)
    {
        var memory = Context(instance)->MemoryBase;

        if ((uint)length <= LongestPiece && (ulong)(uint)destination + (uint)length <= ((InstanceContext*)memory - 1)->MemoryLength)
            new Span<byte>(memory + (uint)destination, length).Fill((byte)value);
        else
            BulkOperations.MemoryFill(Instance(instance), (uint)destination, (uint)value, (uint)length);
    }

    public static void MemoryInit(byte* instance, int segment, int destination, int source, int length) =>
        BulkOperations.MemoryInit(Instance(instance), (uint)segment, (uint)destination, (uint)source, (uint)length);

    public static void DataDrop(byte* instance, int segment) => Instance(instance).DroppedData[segment] = true;

    public static void ElemDrop(byte* instance, int segment) => Instance(instance).DroppedElements[segment] = true;

    public static long TableGet(byte* instance, int table, int index) => (long)BulkOperations.TableGet(Instance(instance), (uint)table, (uint)index);

    public static void TableSet(byte* instance, int table, int index, long value) =>
        BulkOperations.TableSet(Instance(instance), (uint)table, (uint)index, (ulong)value);

    public static int TableSize(byte* instance, int table) => (int)Instance(instance).Tables[table].Size;

    public static int TableGrow(byte* instance, int table, long value, int delta) => BulkOperations.TableGrow(Instance(instance), (uint)table, (uint)delta, (ulong)value);

    public static void TableFill(byte* instance, int table, int destination, long value, int length) =>
        BulkOperations.TableFill(Instance(instance), (uint)table, (uint)destination, (ulong)value, (uint)length);

    public static void TableCopy(byte* instance, int destinationTable, int sourceTable, int destination, int source, int length) =>
        BulkOperations.TableCopy(Instance(instance), (uint)destinationTable, (uint)sourceTable, (uint)destination, (uint)source, (uint)length);

    public static void TableInit(byte* instance, int table, int segment, int destination, int source, int length) =>
        BulkOperations.TableInit(Instance(instance), (uint)table, (uint)segment, (uint)destination, (uint)source, (uint)length);

    public static long FunctionReference(byte* instance, int function) => (long)Instance(instance).FunctionReference((uint)function);

    /// <summary>Where an imported global lies.</summary>
    public static ulong* GlobalCell(byte* instance, int global) => Instance(instance).Globals[global].Cell;

    /// <summary>
    /// A float of the bits. Never inlined: of a byte or two that are loaded and reinterpreted at once, RyuJIT (seen in .NET 10.0.12) makes a load of four, which
    /// gives another number, and at the memory's end is a fault that ends the process.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static float Reinterpret(int bits) => BitConverter.Int32BitsToSingle(bits);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static double Reinterpret(long bits) => BitConverter.Int64BitsToDouble(bits);

    public static float Copysign(float magnitude, float sign) =>
        BitConverter.UInt32BitsToSingle(Floats.Copysign(BitConverter.SingleToUInt32Bits(magnitude), BitConverter.SingleToUInt32Bits(sign)));

    public static double Copysign(double magnitude, double sign) =>
        BitConverter.UInt64BitsToDouble(Floats.Copysign(BitConverter.DoubleToUInt64Bits(magnitude), BitConverter.DoubleToUInt64Bits(sign)));

    public static InstanceContext* Context(byte* instance) => (InstanceContext*)instance - 1;

    private static InterpreterInstance Instance(byte* instance) =>
        Unsafe.As<InterpreterInstance>(GCHandle.FromIntPtr(Context(instance)->Handle).Target!);
}
