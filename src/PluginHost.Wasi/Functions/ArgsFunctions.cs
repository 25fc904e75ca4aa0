namespace PluginHost.Wasi.Functions;

/// <summary>The command line.</summary>
internal static class ArgsFunctions
{
    public static void AddTo(FunctionTable table)
    {
        // args_get(argv, argv_buf): pointers to argv, then the strings to argv_buf, each ended by NUL. fault.
        table.Add("args_get", "ii", static (ref call, context) => GuestMemory.WriteStrings(call.Memory, context.Arguments, call.UInt32(0), call.UInt32(1)));

        // args_sizes_get(argc, argv_buf_size): two u32. fault.
        table.Add("args_sizes_get", "ii", static (ref call, context) => GuestMemory.WriteSizes(call.Memory, context.Arguments, call.UInt32(0), call.UInt32(1)));
    }
}
