using System.Text;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Plugins.HostFunctions;

/// <summary>Gives a C# method's result to the guest that called it.</summary>
internal static class HostReturns
{
    public static void Set(ref HostCall call, HostCaller caller, bool value) => call.Return(value ? 1 : 0);

    public static void Set(ref HostCall call, HostCaller caller, int value) => call.Return(value);

    public static void Set(ref HostCall call, HostCaller caller, uint value) => call.Return(value);

    public static void Set(ref HostCall call, HostCaller caller, long value) => call.Return(value);

    public static void Set(ref HostCall call, HostCaller caller, ulong value) => call.Return(value);

    public static void Set(ref HostCall call, HostCaller caller, float value) => call.Return(value);

    public static void Set(ref HostCall call, HostCaller caller, double value) => call.Return(value);

    /// <summary>A length for <c>take</c>; null is not found.</summary>
    public static void Set(ref HostCall call, HostCaller caller, string? value) => Set(ref call, caller, value is null ? HostError.NotFound : HostResult.Taken(Encoding.UTF8.GetBytes(value)));

    public static void Set(ref HostCall call, HostCaller caller, byte[]? value) => Set(ref call, caller, value is null ? HostError.NotFound : HostResult.Taken(value));

    public static void Set(ref HostCall call, HostCaller caller, HostResult value)
    {
        if (value.Bytes is { } bytes)
            caller.Offer(bytes);

        call.Return(value.Number);
    }

    /// <summary>Has the guest wait, which counts as no computing.</summary>
    /// <exception cref="TrapException">The guest's call was interrupted meanwhile.</exception>
    public static T Wait<T>(ref HostCall call, Task<T> task)
    {
        call.Wait(task);
        return task.GetAwaiter().GetResult();
    }

    public static void WaitForNothing(ref HostCall call, Task task)
    {
        call.Wait(task);
        task.GetAwaiter().GetResult();
    }

    /// <summary>Answers a call whose grant has been taken away since the upload.</summary>
    public static void Deny(ref HostCall call, HostCaller caller, string function, ValueType? result)
    {
        switch (result)
        {
            case null:
                break;
            case ValueType.I64:
                Set(ref call, caller, HostResult.Error(HostError.Denied, $"The plugin's configuration does not grant {function}."));
                break;
            default:
                throw new TrapException(TrapKind.Unreachable, $"the plugin's configuration does not grant {function}");
        }
    }
}
