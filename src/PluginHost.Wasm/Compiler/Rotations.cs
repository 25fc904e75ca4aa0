using System.Runtime.CompilerServices;

namespace PluginHost.Wasm.Compiler;

/// <summary>
/// Rotations for compiled code. RyuJIT (seen in .NET 10.0.12) takes <c>rol</c> by a constant for an instruction that sets the zero flag, and leaves out a
/// comparison of its result with zero; and a constant that it rotates is no negative number any more. It knows a rotation by <c>|</c> and <c>^</c>, but not
/// by a sum, which is the same as no bit comes from both sides.
/// </summary>
internal static class Rotations
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Left(uint value, int count) => (count & 31) == 0 ? value : (value << count) + (value >> -count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Left(ulong value, int count) => (count & 63) == 0 ? value : (value << count) + (value >> -count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Right(uint value, int count) => Left(value, -count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Right(ulong value, int count) => Left(value, -count);
}
