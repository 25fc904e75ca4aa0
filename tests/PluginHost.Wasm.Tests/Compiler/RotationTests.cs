using System.Numerics;
using PluginHost.Fuzz.Generation;
using PluginHost.Wasm.Binary;
using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Wasm.Tests.Compiler;

/// <summary>Rotations by a constant, which .NET compiles wrongly where the result is compared with zero, or is a constant itself; see <c>Rotations</c>.</summary>
public sealed class RotationTests
{
    private static readonly int[] s_counts = [0, 1, 7, 16, 31, 32, 33, 49, 63, 64, -1];

    private static readonly ulong[] s_values = [0, 1, 5, 0x8000_0000, 0xFFFF_FFFE, uint.MaxValue, 0x1_0000_0000, 0x8000_0000_0000_0001, ulong.MaxValue];

    /// <summary>What makes an i32 of a rotation's i64 or i32, with local 0 free for it, and the same of the signed result.</summary>
    private static readonly (Action<CodeWriter, bool> Code, Func<long, uint> Expected)[] s_uses =
    [
        ((code, wide) => code.Op(wide ? Opcode.I64Eqz : Opcode.I32Eqz), result => result == 0 ? 1U : 0),
        ((code, wide) => code.Const(wide ? ValueType.I64 : ValueType.I32, 0).Op(wide ? Opcode.I64Ne : Opcode.I32Ne), result => result != 0 ? 1U : 0),
        ((code, wide) => code.Set(0).Const(wide ? ValueType.I64 : ValueType.I32, 0).Get(0).Op(wide ? Opcode.I64LtU : Opcode.I32LtU), result => result != 0 ? 1U : 0),
        ((code, wide) => code.Op(wide ? Opcode.I64Eqz : Opcode.I32Eqz).Op(Opcode.If, 0x7F).I32(7).Op(Opcode.Else).I32(9).Op(Opcode.End), result => result == 0 ? 7U : 9),
        ((code, wide) => code.Set(0).I32(7).I32(9).Get(0).Op(wide ? Opcode.I64Eqz : Opcode.I32Eqz).Op(Opcode.Select), result => result == 0 ? 7U : 9),
        ((code, wide) => code.Const(wide ? ValueType.I64 : ValueType.I32, 0).Op(wide ? Opcode.I64LtS : Opcode.I32LtS), result => result < 0 ? 1U : 0),
        ((code, wide) => code.Const(wide ? ValueType.I64 : ValueType.I32, 2).Op(wide ? Opcode.I64ShrS : Opcode.I32ShrS).Op(wide ? Opcode.I32WrapI64 : Opcode.Nop), result => (uint)(result >> 2)),
    ];

    [Theory]
    [TierData(false, false)]
    [TierData(false, true)]
    [TierData(true, false)]
    [TierData(true, true)]
    public void Rotation_ByAConstant_IsRightWhateverUsesIt(string engine, bool isWide, bool isLeft)
    {
        using var instance = Tiers.Named(engine).Prepare(WasmModule.Load(Module(isWide, isLeft))).Instantiate(new Imports());
        var wrong = new List<string>();

        for (var use = 0; use < s_uses.Length; use++)
        {
            foreach (var count in s_counts)
            {
                foreach (var value in s_values)
                {
                    var expected = s_uses[use].Expected(Rotate(value, count, isWide, isLeft));
                    var variable = Call(instance, $"{use} {count}", isWide ? value : (uint)value);
                    var constant = Call(instance, $"{use} {count} {value}", 0);

                    if (variable != expected || constant != expected)
                        wrong.Add($"use {use} of 0x{value:x} by {count}: {variable}, {constant} of a constant, and not {expected}");
                }
            }
        }

        Assert.Empty(wrong);
    }

    private static ulong Call(WasmInstance instance, string export, ulong argument)
    {
        var result = new ulong[1];
        instance.Invoke((WasmFunction)instance.Export(export), [argument], result);
        return result[0];
    }

    private static long Rotate(ulong value, int count, bool isWide, bool isLeft) => (isWide, isLeft) switch
    {
        (true, true) => (long)BitOperations.RotateLeft(value, count),
        (true, false) => (long)BitOperations.RotateRight(value, count),
        (false, true) => (int)BitOperations.RotateLeft((uint)value, count),
        (false, false) => (int)BitOperations.RotateRight((uint)value, count),
    };

    /// <summary>A function for each use and count, whose argument is rotated, and one for each value besides, which rotates that.</summary>
    private static byte[] Module(bool isWide, bool isLeft)
    {
        var type = isWide ? ValueType.I64 : ValueType.I32;
        var module = new ModuleBuilder();

        for (var use = 0; use < s_uses.Length; use++)
        {
            foreach (var count in s_counts)
            {
                Add($"{use} {count}", new CodeWriter().Get(0), use, count);

                foreach (var value in s_values)
                    Add($"{use} {count} {value}", new CodeWriter().Const(type, value), use, count);
            }
        }

        return module.ToArray();

        void Add(string name, CodeWriter code, int use, int count)
        {
            code.Const(type, (ulong)(long)count).Op((isWide, isLeft) switch
            {
                (true, true) => Opcode.I64Rotl,
                (true, false) => Opcode.I64Rotr,
                (false, true) => Opcode.I32Rotl,
                (false, false) => Opcode.I32Rotr,
            });
            s_uses[use].Code(code, isWide);
            module.Function(name, [(byte)type], [ModuleBuilder.I32], code.ToArray());
        }
    }
}
