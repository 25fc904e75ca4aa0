using PluginHost.Wasi.Tests.Support;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Wasi.Tests.Functions;

public sealed class ProcRandomSchedTests
{
    [Theory]
    [InlineData(0u)]
    [InlineData(7u)]
    [InlineData(uint.MaxValue)]
    public void ProcExit_OfAnyCode_DoesNotReturn(uint code)
    {
        using var guest = new Guest();

        var exit = Assert.Throws<ProcessExitException>(() => guest.Call("proc_exit", code));

        Assert.Equal(code, exit.Code);
    }

    [Theory]
    [InlineData(6u, 134u)]
    [InlineData(9u, 137u)]
    [InlineData(15u, 143u)]
    [InlineData(30u, 158u)]
    public void ProcRaise_OfASignalThatEnds_ExitsWithTheCodeAShellShows(uint signal, uint code)
    {
        using var guest = new Guest();

        var exit = Assert.Throws<ProcessExitException>(() => guest.Call("proc_raise", signal));

        Assert.Equal(code, exit.Code);
    }

    [Theory]
    [InlineData(0u, Errno.Success)]
    [InlineData(16u, Errno.Success)]
    [InlineData(17u, Errno.Success)]
    [InlineData(31u, Errno.Invalid)]
    [InlineData(uint.MaxValue, Errno.Invalid)]
    public void ProcRaise_OfAHarmlessOrUnknownSignal_Returns(uint signal, Errno expected)
    {
        using var guest = new Guest();

        var errno = guest.Call("proc_raise", signal);

        Assert.Equal(expected, errno);
    }

    [Fact]
    public void RandomGet_OfSomeBytes_FillsExactlyThose()
    {
        using var guest = new Guest();

        var errno = guest.Call("random_get", Guest.Buffer, 64);

        Assert.Equal(Errno.Success, errno);
        Assert.NotEqual(new byte[64], guest.Bytes(Guest.Buffer, 64));
        Assert.Equal(new byte[64], guest.Bytes(Guest.Buffer - 64, 64));
        Assert.Equal(new byte[64], guest.Bytes(Guest.Buffer + 64, 64));
    }

    [Theory]
    [InlineData(Guest.End, 1u)]
    [InlineData(Guest.End - 1, 2u)]
    [InlineData(1u, uint.MaxValue)]
    [InlineData(uint.MaxValue, uint.MaxValue)]
    public void RandomGet_BeyondTheMemory_IsAFault(uint address, uint length)
    {
        using var guest = new Guest();

        var errno = guest.Call("random_get", address, length);

        Assert.Equal(Errno.Fault, errno);
    }

    [Fact]
    public void SchedYield_Always_Succeeds()
    {
        using var guest = new Guest();

        Assert.Equal(Errno.Success, guest.Call("sched_yield"));
    }

    [Fact]
    public void SchedYield_OfACallThatWasGivenUp_EndsIt()
    {
        using var guest = new Guest();

        var trap = Assert.Throws<TrapException>(() => guest.Call("sched_yield", new ExecutionBudget(Cancellation: new CancellationToken(canceled: true))));

        Assert.Equal(TrapKind.Cancelled, trap.Kind);
    }
}
