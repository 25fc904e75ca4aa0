using System.Runtime.CompilerServices;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Wasm.Numerics;

/// <summary>
/// The integer instructions whose meaning is not that of the C# operator of the same name (spec 4.3.2). Shift counts are taken modulo the width by C# as by
/// WebAssembly, so shifts need nothing here.
/// </summary>
internal static class Integers
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int DivS(int a, int b)
    {
        if (b == 0)
            Traps.Throw(TrapKind.IntegerDivideByZero);

        if (b == -1)
        {
            if (a == int.MinValue)
                Traps.Throw(TrapKind.IntegerOverflow);

            return -a;
        }

        return a / b;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint DivU(uint a, uint b)
    {
        if (b == 0)
            Traps.Throw(TrapKind.IntegerDivideByZero);

        return a / b;
    }

    /// <summary>The remainder by −1 is 0 for every dividend; the processor faults on the smallest one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int RemS(int a, int b)
    {
        if (b == 0)
            Traps.Throw(TrapKind.IntegerDivideByZero);

        return b == -1 ? 0 : a % b;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint RemU(uint a, uint b)
    {
        if (b == 0)
            Traps.Throw(TrapKind.IntegerDivideByZero);

        return a % b;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long DivS(long a, long b)
    {
        if (b == 0)
            Traps.Throw(TrapKind.IntegerDivideByZero);

        if (b == -1)
        {
            if (a == long.MinValue)
                Traps.Throw(TrapKind.IntegerOverflow);

            return -a;
        }

        return a / b;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong DivU(ulong a, ulong b)
    {
        if (b == 0)
            Traps.Throw(TrapKind.IntegerDivideByZero);

        return a / b;
    }

    /// <summary>The remainder by −1 is 0 for every dividend; the processor faults on the smallest one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long RemS(long a, long b)
    {
        if (b == 0)
            Traps.Throw(TrapKind.IntegerDivideByZero);

        return b == -1 ? 0 : a % b;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong RemU(ulong a, ulong b)
    {
        if (b == 0)
            Traps.Throw(TrapKind.IntegerDivideByZero);

        return a % b;
    }
}
