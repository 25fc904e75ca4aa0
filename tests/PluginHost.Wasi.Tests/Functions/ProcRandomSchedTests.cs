using PluginHost.Wasi.Tests.Support;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Wasi.Tests.Functions;

public sealed class ProcRandomSchedTests
{
    [Theory]
    [EngineData(0u)]
    [EngineData(7u)]
    [EngineData(uint.MaxValue)]
    public void ProcExit_OfAnyCode_DoesNotReturn(string engine, uint code)
    {
        using var guest = new Guest(engine);

        var exit = Assert.Throws<ProcessExitException>(() => guest.Call("proc_exit", code));

        Assert.Equal(code, exit.Code);
    }

    [Theory]
    [EngineData(6u, 134u)]
    [EngineData(9u, 137u)]
    [EngineData(15u, 143u)]
    [EngineData(30u, 158u)]
    public void ProcRaise_OfASignalThatEnds_ExitsWithTheCodeAShellShows(string engine, uint signal, uint code)
    {
        using var guest = new Guest(engine);

        var exit = Assert.Throws<ProcessExitException>(() => guest.Call("proc_raise", signal));

        Assert.Equal(code, exit.Code);
    }

    [Theory]
    [EngineData(0u, Errno.Success)]
    [EngineData(16u, Errno.Success)]
    [EngineData(17u, Errno.Success)]
    [EngineData(31u, Errno.Invalid)]
    [EngineData(uint.MaxValue, Errno.Invalid)]
    public void ProcRaise_OfAHarmlessOrUnknownSignal_Returns(string engine, uint signal, Errno expected)
    {
        using var guest = new Guest(engine);

        var errno = guest.Call("proc_raise", signal);

        Assert.Equal(expected, errno);
    }

    [Theory]
    [EngineData]
    public void RandomGet_OfSomeBytes_FillsExactlyThose(string engine)
    {
        using var guest = new Guest(engine);

        var errno = guest.Call("random_get", Guest.Buffer, 64);

        Assert.Equal(Errno.Success, errno);
        Assert.NotEqual(new byte[64], guest.Bytes(Guest.Buffer, 64));
        Assert.Equal(new byte[64], guest.Bytes(Guest.Buffer - 64, 64));
        Assert.Equal(new byte[64], guest.Bytes(Guest.Buffer + 64, 64));
    }

    [Theory]
    [EngineData(Guest.End, 1u)]
    [EngineData(Guest.End - 1, 2u)]
    [EngineData(1u, uint.MaxValue)]
    [EngineData(uint.MaxValue, uint.MaxValue)]
    public void RandomGet_BeyondTheMemory_IsAFault(string engine, uint address, uint length)
    {
        using var guest = new Guest(engine);

        var errno = guest.Call("random_get", address, length);

        Assert.Equal(Errno.Fault, errno);
    }

    [Theory]
    [EngineData]
    public void SchedYield_Always_Succeeds(string engine)
    {
        using var guest = new Guest(engine);

        Assert.Equal(Errno.Success, guest.Call("sched_yield"));
    }

    [Theory]
    [EngineData]
    public void SchedYield_OfACallThatWasGivenUp_EndsIt(string engine)
    {
        using var guest = new Guest(engine);

        var trap = Assert.Throws<TrapException>(() => guest.Call("sched_yield", new ExecutionBudget(Cancellation: new CancellationToken(canceled: true))));

        Assert.Equal(TrapKind.Cancelled, trap.Kind);
    }
}
