using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using PluginHost.Cli.CommandLine;
using PluginHost.Cli.Server;

namespace PluginHost.Cli.Logs;

/// <summary>A plugin's log as it is written.</summary>
internal static class LogFollower
{
    /// <summary>The lines until the server ends the stream.</summary>
    /// <param name="after">0 for the kept ones first.</param>
    public static async IAsyncEnumerable<LogLine> FollowAsync(ServerClient server, string plugin, long after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var response = await server.FollowLogsAsync(plugin, after, cancellation);
        await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
        await using var events = SseParser.Create(stream, (_, data) => Read(data)).EnumerateAsync(cancellation).GetAsyncEnumerator(cancellation);

        while (await MoveAsync(events))
        {
            if (events.Current is { EventType: "line", Data: { } line })
                yield return line;
        }
    }

    private static async ValueTask<bool> MoveAsync(IAsyncEnumerator<SseItem<LogLine?>> events)
    {
        try
        {
            return await events.MoveNextAsync();
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            // A server that is killed says no more than one that closes the stream.
            return false;
        }
    }

    private static LogLine? Read(ReadOnlySpan<byte> data)
    {
        try
        {
            return JsonSerializer.Deserialize(data, CliJsonContext.Default.LogLine);
        }
        catch (JsonException)
        {
            throw new ToolException(ExitCode.Unreachable, "not-a-server", "No PluginHost server", "The log has lines that are none of PluginHost's.");
        }
    }
}
