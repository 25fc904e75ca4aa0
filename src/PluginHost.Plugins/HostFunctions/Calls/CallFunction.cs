using System.Text;
using Microsoft.Extensions.DependencyInjection;

namespace PluginHost.Plugins.HostFunctions.Calls;

/// <summary>
/// Has a plugin call another. The guest waits on its own thread while the other's runs on another, within what is left of its deadline, and is interrupted
/// with it.
/// </summary>
internal sealed class CallFunction(IServiceProvider services)
{
    private const int MaximumArgumentBytes = 1024 * 1024;
    private const int MaximumNameBytes = 1_024;

    // Whoever makes calls needs what makes instances, and that needs this: it is looked up when the first call comes.
    private readonly Lazy<IPluginCalls?> _calls = new(services.GetService<IPluginCalls>);

    public Task<HostResult> CallAsync(HostCaller caller, ReadOnlySpan<byte> plugin, ReadOnlySpan<byte> export, ReadOnlySpan<byte> arguments, CancellationToken interruption)
    {
        if (plugin.Length > MaximumNameBytes || export.Length > MaximumNameBytes)
            return Error(HostError.InvalidArgument, "The name is longer than any is.");

        if (arguments.Length > MaximumArgumentBytes)
            return Error(HostError.LimitReached, $"The arguments have at most {MaximumArgumentBytes} bytes.");

        var name = Encoding.UTF8.GetString(plugin);

        if (caller.Settings.Grants.Call?.Contains(name, StringComparer.Ordinal) != true)
            return Error(HostError.Denied, $"The plugin's configuration does not grant calls of '{name}'.");

        if (caller.Chain is not { } chain)
            return Error(HostError.Denied, "A plugin that starts cannot call others.");

        if (_calls.Value is not { } calls)
            return Error(HostError.Failed, "This host has no calls from plugin to plugin.");

        var call = new PluginCall(name, Encoding.UTF8.GetString(export), arguments.ToArray(), caller.Remaining, chain);
        return Task.Run(() => RunAsync(calls, call, interruption), CancellationToken.None);
    }

    private static async Task<HostResult> RunAsync(IPluginCalls calls, PluginCall call, CancellationToken interruption)
    {
        var answer = await calls.InvokeAsync(call, interruption);
        return answer.Succeeded ? HostResult.Taken(answer.Json) : HostResult.Error(HostError.Failed, answer.Json);
    }

    private static Task<HostResult> Error(HostError error, string text) => Task.FromResult(HostResult.Error(error, text));
}
