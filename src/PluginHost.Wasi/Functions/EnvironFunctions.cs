namespace PluginHost.Wasi.Functions;

/// <summary>The environment variables.</summary>
internal static class EnvironFunctions
{
    public static void AddTo(FunctionTable table)
    {
        // environ_get(environ, environ_buf): pointers to environ, then NAME=value to environ_buf, each ended by NUL. fault.
        table.Add("environ_get", "ii", static (ref call, context) => GuestMemory.WriteStrings(call.Memory, context.Environment, call.UInt32(0), call.UInt32(1)));

        // environ_sizes_get(count, buf_size): two u32. fault.
        table.Add("environ_sizes_get", "ii", static (ref call, context) => GuestMemory.WriteSizes(call.Memory, context.Environment, call.UInt32(0), call.UInt32(1)));
    }
}
