using System.Diagnostics.Tracing;
using Microsoft.Diagnostics.NETCore.Client;

namespace PluginHost.Soak;

/// <summary>Makes a .NET process collect its garbage, so that what is measured behind it is what is held and not what has not been looked at yet.</summary>
internal static class InducedCollection
{
    // GCHeapCollect: enabling it is the request.
    private const long Keyword = 0x800000;

    public static async Task OfAsync(int process)
    {
        var client = new DiagnosticsClient(process);

        // What finalizers let go is collected by the second one.
        for (var round = 0; round < 2; round++)
        {
            using var session = await client.StartEventPipeSessionAsync(
                [new EventPipeProvider("Microsoft-Windows-DotNETRuntime", EventLevel.Informational, Keyword)], requestRundown: false, circularBufferMB: 8, CancellationToken.None);
            var draining = session.EventStream.CopyToAsync(Stream.Null);

            await Task.Delay(TimeSpan.FromSeconds(1));
            await session.StopAsync(CancellationToken.None);
            await draining;
        }
    }
}
