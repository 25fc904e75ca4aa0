using PluginHost.Wasm.Interpreter;

namespace PluginHost.Wasm.Tests.Interpreter;

public sealed unsafe class CodeMemoryTests
{
    [Fact]
    public void Memory_GivenOutInManyPieces_StaysWhereItIsAndOverlapsNothing()
    {
        var memory = new CodeMemory();
        var (random, stored) = (new Random(3), new List<(nint Start, byte[] Bytes)>());

        // Some larger than a piece, some of no bytes, most far smaller.
        for (var i = 0; i < 400; i++)
        {
            var bytes = new byte[random.Next(20) switch { 0 => random.Next(3 << 20), 1 => 0, _ => random.Next(5_000) }];
            random.NextBytes(bytes);
            stored.Add(((nint)memory.Store<byte>(bytes), bytes));
        }

        foreach (var (start, bytes) in stored)
        {
            Assert.Equal(0, start % 16);
            Assert.True(new ReadOnlySpan<byte>((void*)start, bytes.Length).SequenceEqual(bytes));
        }

        GC.KeepAlive(memory);
    }

    [Fact]
    public void Memory_Allocated_IsZero()
    {
        var memory = new CodeMemory();

        var words = new ReadOnlySpan<ulong>(memory.Allocate<ulong>(300_000), 300_000);

        Assert.False(words.ContainsAnyExcept(0UL));
        GC.KeepAlive(memory);
    }
}
