using System.Buffers;
using System.Diagnostics;
using System.Text.Json;

namespace PluginHost.Plugins.HostFunctions;

/// <summary>Tells a guest which invocation it runs.</summary>
internal sealed class InvocationFunction(TimeProvider clock)
{
    public HostResult Describe(HostCaller caller)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var json = new Utf8JsonWriter(buffer);

        json.WriteStartObject();
        json.WriteNumber("id"u8, caller.Invocation);
        json.WriteString("plugin"u8, caller.Plugin);
        json.WriteNumber("version"u8, caller.Version);
        json.WriteString("export"u8, caller.Export ?? "_initialize");
        json.WriteString("deadline"u8, BuiltInModule.Text(clock.GetUtcNow() + caller.Remaining));

        if (Activity.Current is { IdFormat: ActivityIdFormat.W3C, Id: { } trace })
            json.WriteString("traceparent"u8, trace);

        json.WriteEndObject();
        json.Flush();
        return HostResult.Taken(buffer.WrittenMemory);
    }
}
