using System.Globalization;

namespace PluginHost.Soak.Workers;

/// <summary>Follows logs for a while and goes away in the middle; lines come in their order.</summary>
internal sealed class FollowerWorker(SoakClient client, SoakServer server, Tally tally, Violations violations, Random random) : Worker(client, violations, random)
{
    protected override async Task StepAsync(CancellationToken stop)
    {
        await server.WhenUp;
        using var leaving = new CancellationTokenSource(TimeSpan.FromMilliseconds(Random.Next(50, 2_500)));
        var last = 0L;

        try
        {
            using var response = await server.Http.GetAsync(new Uri("/v1/plugins/faults/logs?follow=true", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, leaving.Token);

            if (!response.IsSuccessStatusCode)
            {
                tally.Count("follow", ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture));
                Violations.Require((int)response.StatusCode == 503, $"following a log gave {(int)response.StatusCode}");
                return;
            }

            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(leaving.Token));

            while (await reader.ReadLineAsync(leaving.Token) is { } line)
            {
                if (!line.StartsWith("id: ", StringComparison.Ordinal))
                    continue;

                var sequence = long.Parse(line.AsSpan(4), CultureInfo.InvariantCulture);
                Violations.Require(sequence > last, $"the log's line {sequence} came after {last}");
                last = sequence;
            }

            tally.Count("follow", "ended");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            tally.Count("follow", leaving.IsCancellationRequested ? "left" : "connection lost");
        }
    }
}
