using PluginHost.Fuzz.Cases;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Wasm.Tests.Compiler;

/// <summary>The intrinsics against the functions that they stand for: everything that such a function can be given, in small, at random, and at the ends of the memory.</summary>
[Collection(nameof(AloneCollection))]
public sealed class IntrinsicTests
{
    private const uint Pages = 2;
    private const uint End = Pages * LinearMemory.PageSize;
    private const uint Longest = 200;

    // Far from each other, so that only those overlap that are meant to.
    private const uint First = 0x1000;
    private const uint Second = 0x8000;

    /// <summary>memeqbody has 64-bit pointers and lengths, memcmp has 32-bit ones.</summary>
    public static TheoryData<string> Comparisons => new("memeqbody", "memcmp");

    [Theory]
    [MemberData(nameof(Comparisons))]
    public void Comparison_OfEqualRanges_IsTheSameForEveryLengthAndAlignment(string intrinsic)
    {
        using var guest = new IntrinsicGuest(intrinsic, Pages);
        var bytes = new FuzzRandom(1).Bytes(512);
        var equal = intrinsic == "memeqbody" ? 1UL : 0UL;

        for (var alignment = 0u; alignment < 16; alignment++)
        {
            for (var other = 0u; other < 16; other++)
            {
                guest.Write(First + alignment, bytes);
                guest.Write(Second + other, bytes);

                for (var length = 0u; length <= Longest; length++)
                    Assert.Equal(equal, guest.Call(First + alignment, Second + other, length));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Comparisons))]
    public void Comparison_OfRangesThatDifferInOneByte_IsTheSameForEveryPlaceOfIt(string intrinsic)
    {
        using var guest = new IntrinsicGuest(intrinsic, Pages);
        var random = new FuzzRandom(2);
        var bytes = random.Bytes(512);

        for (var length = 1u; length <= Longest; length++)
        {
            var (alignment, other) = ((uint)random.Below(16), (uint)random.Below(16));
            guest.Write(First + alignment, bytes);
            guest.Write(Second + other, bytes);

            for (var place = 0u; place <= length; place++)
            {
                // Behind the end it does not count.
                var right = bytes[place];
                var wrong = random.Pick((byte)(right ^ 0x80), (byte)(right + 1), (byte)(right - 1), (byte)0, (byte)0xFF);
                guest.Write(Second + other + place, [wrong]);

                var result = guest.Call(First + alignment, Second + other, length)!.Value;

                if (intrinsic == "memeqbody")
                    Assert.Equal(place < length && wrong != right ? 0UL : 1UL, result);
                else
                    Assert.Equal(place < length ? Math.Sign(right.CompareTo(wrong)) : 0, Math.Sign((int)result));

                guest.Write(Second + other + place, [right]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Comparisons))]
    public void Comparison_OfOverlappingRanges_IsTheSame(string intrinsic)
    {
        using var guest = new IntrinsicGuest(intrinsic, Pages);
        var random = new FuzzRandom(3);

        // A period of the distance makes them equal for long.
        for (var distance = 0u; distance <= 70; distance++)
        {
            var period = random.Bytes((int)Math.Max(distance, 1));
            guest.Write(First, [.. Enumerable.Range(0, 600).Select(i => period[i % period.Length])]);

            for (var length = 0u; length <= Longest; length += 7)
            {
                guest.Call(First + distance, First, length);
                guest.Call(First, First + distance, length);
                guest.Write(First + (uint)random.Below(300), [(byte)random.Below(256)]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Comparisons))]
    public void Comparison_AtTheMemorysEnd_TrapsWhereTheFunctionDoes(string intrinsic)
    {
        using var guest = new IntrinsicGuest(intrinsic, Pages);
        var traps = 0;

        for (var length = 0u; length <= 40; length++)
        {
            for (var beyond = -2; beyond <= 2; beyond++)
            {
                var last = (uint)(End - length + beyond);

                // One ends at the memory's end, or just behind it; both do; with a difference that is found before, or none.
                foreach (var (first, second) in (ReadOnlySpan<(uint, uint)>)[(last, First), (First, last), (last, last), (last - 1, last), (last, last - 1)])
                {
                    traps += guest.Call(first, second, length) is null ? 1 : 0;

                    guest.Write(First + (length / 2), [1]);
                    traps += guest.Call(first, second, length) is null ? 1 : 0;
                    guest.Write(First + (length / 2), [0]);
                }
            }
        }

        Assert.InRange(traps, 200, 2_000);
    }

    [Theory]
    [MemberData(nameof(Comparisons))]
    public void Comparison_WithAnyArguments_IsTheSame(string intrinsic)
    {
        using var guest = new IntrinsicGuest(intrinsic, Pages);
        var random = new FuzzRandom(4);
        var isWide = intrinsic == "memeqbody";

        for (var i = 0; i < 3_000; i++)
        {
            if (i % 10 == 0)
                guest.Write((uint)random.Below((int)End - 3_000), random.Chance(50) ? new byte[3_000] : random.Bytes(3_000));

            guest.Call(Pointer(random, isWide), Pointer(random, isWide), Length(random, isWide));
        }
    }

    [Theory]
    [MemberData(nameof(Comparisons))]
    public void Comparison_OfLongRanges_IsTheSameBelowAndAboveTheLongest(string intrinsic)
    {
        const uint LongestRange = 16 * 1024 * 1024;
        const uint Start = 8;
        using var guest = new IntrinsicGuest(intrinsic, (2 * LongestRange / LinearMemory.PageSize) + 1);
        var second = Start + LongestRange + 1;

        foreach (var length in (ReadOnlySpan<uint>)[100_000, LongestRange - 1, LongestRange, LongestRange + 1])
        {
            guest.Call(Start, second, length);
            guest.Write(second + length - 1, [5]);
            guest.Call(Start, second, length);
            guest.Call(Start, second, length - 1);
            guest.Write(second + length - 1, [0]);
        }
    }

    [Theory]
    [InlineData("memeqbody")]
    [InlineData("memcmp")]
    [InlineData("memchr")]
    public void Intrinsic_InAMemoryOfFourGigabytes_WrapsWhereTheFunctionDoes(string intrinsic)
    {
        using var guest = new IntrinsicGuest(intrinsic, LinearMemory.MaximumPages);
        guest.Write(uint.MaxValue - 63, [.. Enumerable.Range(0, 64).Select(i => (byte)i)]);
        guest.Write(0, [.. Enumerable.Range(64, 64).Select(i => (byte)i)]);
        guest.Write(First, [.. Enumerable.Range(0, 128).Select(i => (byte)i)]);

        for (var back = 0u; back <= 64; back++)
        {
            for (var length = 0u; length <= 80; length += 3)
            {
                var pointer = uint.MaxValue - back;

                if (intrinsic == "memchr")
                {
                    guest.Call(pointer, (ulong)((back * 7) + length) & 0xFF, length);
                    guest.Call(pointer, 0xFF, length);
                }
                else
                {
                    guest.Call(pointer, First + 63 - Math.Min(back, 63), length);
                    guest.Call(First + 63 - Math.Min(back, 63), pointer, length);
                }
            }
        }
    }

    [Fact]
    public void Search_ForEveryPlaceAlignmentAndByte_IsTheSame()
    {
        using var guest = new IntrinsicGuest("memchr", Pages);
        var random = new FuzzRandom(5);

        for (var length = 0u; length <= Longest; length++)
        {
            for (var alignment = 0u; alignment < 16; alignment++)
            {
                var wanted = (byte)random.Below(256);
                var address = First + alignment;
                guest.Write(First - 16, [.. Enumerable.Repeat((byte)random.Pick(wanted ^ 0x80, wanted + 1, wanted - 1, wanted ^ 1), 300)]);
                Assert.Equal(0UL, guest.Call(address, wanted, length));

                // Nearer than the last, and one behind the range.
                for (var place = length; place > 0; place -= Math.Min(place, (uint)random.Between(1, 40)))
                {
                    guest.Write(address + place, [wanted]);
                    Assert.Equal(place < length ? address + place : 0UL, guest.Call(address, wanted, length));
                }
            }
        }
    }

    [Fact]
    public void Search_AtTheMemorysEnd_TrapsWhereTheFunctionDoes()
    {
        using var guest = new IntrinsicGuest("memchr", Pages);
        var traps = 0;
        guest.Write(End - 3, [7]);

        for (var length = 0u; length <= 80; length++)
        {
            for (var beyond = -2; beyond <= 40; beyond += beyond < 4 ? 1 : 9)
            {
                traps += guest.Call((uint)(End - length + beyond), 7, length) is null ? 1 : 0;
                traps += guest.Call((uint)(End - length + beyond), 9, length) is null ? 1 : 0;
            }
        }

        Assert.InRange(traps, 200, 2_000);
    }

    [Fact]
    public void Search_WithAnyArguments_IsTheSame()
    {
        using var guest = new IntrinsicGuest("memchr", Pages);
        var random = new FuzzRandom(6);

        for (var i = 0; i < 3_000; i++)
        {
            if (i % 10 == 0)
                guest.Write((uint)random.Below((int)End - 3_000), random.Chance(50) ? new byte[3_000] : random.Bytes(3_000));

            var wanted = random.Chance(30) ? random.Bits32() : (uint)random.Below(256);
            guest.Call(Pointer(random, isWide: false), wanted, Length(random, isWide: false));
        }
    }

    [Fact]
    public void Search_OfLongRanges_IsTheSameBelowAndAboveTheLongest()
    {
        const uint LongestRange = 16 * 1024 * 1024;
        using var guest = new IntrinsicGuest("memchr", (LongestRange / LinearMemory.PageSize) + 1);

        foreach (var length in (ReadOnlySpan<uint>)[100_000, LongestRange - 1, LongestRange, LongestRange + 1])
        {
            Assert.Equal(0UL, guest.Call(3, 9, length));
            guest.Write(3 + length - 1, [9]);
            Assert.Equal(3 + length - 1, guest.Call(3, 9, length));
            Assert.Equal(0UL, guest.Call(3, 9, length - 1));
            guest.Write(3 + length - 1, [0]);
        }
    }

    private static ulong Pointer(FuzzRandom random, bool isWide)
    {
        var pointer = random.Below(8) switch
        {
            0 => random.Bits32(),
            1 => uint.MaxValue - (uint)random.Below(300),
            2 => End - (uint)random.Below(300),
            3 => End + (uint)random.Below(10),
            4 => (uint)random.Below(20),
            _ => (uint)random.Below((int)End),
        };

        return isWide && random.Chance(20) ? pointer | (ulong)random.Bits32() << 32 : pointer;
    }

    /// <summary>Mostly short: an interpreted comparison of all that there is takes long.</summary>
    private static ulong Length(FuzzRandom random, bool isWide) => random.Below(8) switch
    {
        0 => random.Bits32(),
        1 => isWide ? random.Bits64() : 0,
        2 => (ulong)random.Below(20_000),
        _ => (ulong)random.Below(300),
    };
}
