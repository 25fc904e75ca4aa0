namespace PluginHost.Wasi.Functions;

/// <summary>Scheduling.</summary>
internal static class SchedFunctions
{
    public static void AddTo(FunctionTable table) =>

        // sched_yield(): lets other threads of the host run.
        table.Add("sched_yield", "", static (ref call, context) =>
        {
            Thread.Yield();
            call.ThrowIfInterrupted();
            return Errno.Success;
        });
}
