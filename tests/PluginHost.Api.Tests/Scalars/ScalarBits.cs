using System.Globalization;
using System.Numerics;
using FsCheck;
using FsCheck.Fluent;

namespace PluginHost.Api.Tests.Scalars;

/// <summary>A value of any type as its bits, 32-bit ones zero-extended, and the number of the form in which a request writes it.</summary>
public sealed record ScalarBits(ValueType Type, ulong Bits, int Form)
{
    /// <summary>How many ways <see cref="Integer"/> knows to write the same number.</summary>
    public const int Forms = 12;

    public int Width => Type is ValueType.I32 or ValueType.F32 ? 32 : 64;

    public bool IsFloat => Type is ValueType.F32 or ValueType.F64;

    public bool IsNaN => Type == ValueType.F32 ? float.IsNaN(BitConverter.UInt32BitsToSingle((uint)Bits)) : IsFloat && double.IsNaN(BitConverter.UInt64BitsToDouble(Bits));

    /// <summary>What <c>"NaN"</c> stands for in a request.</summary>
    public ulong CanonicalNaN => Type == ValueType.F32 ? 0x7FC0_0000UL : 0x7FF8_0000_0000_0000UL;

    /// <summary>The signed view, which is the one in responses.</summary>
    public long Signed => Width == 32 ? (int)Bits : (long)Bits;

    public override string ToString() => $"{Type} 0x{Bits:x}, form {Form}";

    /// <summary>An argument that stands for exactly these bits.</summary>
    public string Argument() => IsFloat ? Format($$"""{"bits":"0x{{Bits:x}}"}""") : Integer();

    /// <summary>How FsCheck makes them: any bits, few bits, the values beside a power of two, and for floats every exponent with any sign.</summary>
    public static Arbitrary<ScalarBits> Arbitrary() => Arb.From(
        from type in Gen.Elements(ValueType.I32, ValueType.I64, ValueType.F32, ValueType.F64)
        from bits in Patterns(type is ValueType.I32 or ValueType.F32 ? 32 : 64, type == ValueType.F32 ? 23 : 52)
        from form in Gen.Choose(0, Forms - 1)
        select new ScalarBits(type, bits, form));

    private static Gen<ulong> Patterns(int width, int mantissa)
    {
        var mask = ulong.MaxValue >> (64 - width);
        var any = from high in Gen.Choose(0, int.MaxValue) from low in Gen.Choose(0, int.MaxValue) select ((ulong)high << 33) ^ ((ulong)high >> 29) ^ (ulong)low;
        var few = from bits in any from kept in Gen.Choose(1, width) select bits & (ulong.MaxValue >> (64 - kept));
        var beside = from power in Gen.Choose(0, width) from nearby in Gen.Choose(-2, 2) select (power == 64 ? 0 : 1UL << power) + (ulong)(long)nearby;
        var negative = from bits in Gen.OneOf(few, beside) select 0 - bits;
        var exponent = from bits in any
                       from value in Gen.Choose(0, (1 << (width - 1 - mantissa)) - 1)
                       from sign in Gen.Choose(0, 1)
                       from rest in Gen.Elements(0UL, 1UL, (1UL << mantissa) - 1, 1UL << (mantissa - 1), bits & ((1UL << mantissa) - 1))
                       select ((ulong)sign << (width - 1)) | ((ulong)value << mantissa) | rest;

        return from bits in Gen.OneOf(any, few, beside, negative, exponent) select bits & mask;
    }

    private static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private string Integer()
    {
        var magnitude = BigInteger.Abs(Signed);
        var sign = Signed < 0 ? "-" : "";

        return Form switch
        {
            0 => Format($"{Signed}"),
            1 => Format($"{Bits}"),
            2 => Format($"\"{Signed}\""),
            3 => Format($"\"{Bits}\""),
            4 => Format($"\"0x{Bits:x}\""),
            5 => Format($"\"0X{Bits:X}\""),
            6 => Format($"\"0x{Bits:x32}\""),
            7 => Format($"\"{sign}0x{magnitude:x}\""),
            8 => Format($"{Signed}.000"),
            9 => Signed == 0 ? "0e-2" : Format($"{Signed}00e-2"),
            10 => Format($"{sign}0.{magnitude:d25}E+25"),
            _ => "\"" + string.Concat(Format($"{Signed}").Select(character => Format($"\\u{(int)character:x4}"))) + "\"",
        };
    }
}
