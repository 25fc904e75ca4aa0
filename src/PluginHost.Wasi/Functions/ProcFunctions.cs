namespace PluginHost.Wasi.Functions;

/// <summary>The end of the guest.</summary>
internal static class ProcFunctions
{
    private const uint LastSignal = 30;
    private const uint CodeOfSignal = 128;

    public static void AddTo(FunctionTable table)
    {
        // proc_exit(code) does not return: Go's os.Exit would return if it did.
        table.AddNoReturn("proc_exit", "i", static (ref call) => throw new ProcessExitException(call.UInt32(0)));

        // proc_raise(sig): the default action of every signal but the harmless ones ends the process, here with the code a shell would show.
        // Signal 0 only asks, and chld, cont, urg and winch are ignored by default. inval for an unknown signal.
        table.Add("proc_raise", "i", static (ref call, context) => call.UInt32(0) switch
        {
            0 or 16 or 17 or 22 or 27 => Errno.Success,
            <= LastSignal => throw new ProcessExitException(CodeOfSignal + call.UInt32(0)),
            _ => Errno.Invalid,
        });
    }
}
