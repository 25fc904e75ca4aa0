using System.Globalization;
using System.Text.Json;

namespace PluginHost.Soak.Workers;

/// <summary>Sends many calls at once, right ones and ones that panic, and counts on each having its place in the answer.</summary>
internal sealed class BatchWorker(SoakClient client, Violations violations, Random random) : Worker(client, violations, random)
{
    protected override async Task StepAsync(CancellationToken stop)
    {
        var calls = Enumerable.Range(0, Random.Next(1, 40)).Select(_ => (A: Random.Next(-1_000, 1_000), B: Random.Next(10) == 0 ? 0 : Random.Next(1, 50))).ToList();
        var body = string.Join(',', calls.Select(call => string.Create(CultureInfo.InvariantCulture, $"[{call.A},{call.B}]")));
        var answer = await Client.SendAsync("batch", HttpMethod.Post, "/v1/plugins/calc/exports/div/batch", SoakClient.Json($"{{\"calls\":[{body}]}}"), [200]);

        if (answer is not { Succeeded: true })
            return;

        var results = answer.Json().GetProperty("results").EnumerateArray().ToList();

        if (!Violations.Require(results.Count == calls.Count, $"{calls.Count} calls of a batch have {results.Count} results"))
            return;

        foreach (var ((a, b), result) in calls.Zip(results))
            Violations.Require(IsRight(a, b, result), $"{a}/{b} in a batch gave {result.GetRawText()}");
    }

    private static bool IsRight(int a, int b, JsonElement result)
    {
        // A pool that is full or a server that stops may refuse one of them.
        if (result.TryGetProperty("code", out var code) && code.GetString() is "queue-full" or "queue-timeout" or "no-capacity" or "draining")
            return true;

        return b == 0 ? result.TryGetProperty("code", out var trap) && trap.GetString() == "trap" : result.TryGetProperty("results", out var values) && values[0].GetInt32() == a / b;
    }
}
