namespace PluginHost.Soak.Workers;

/// <summary>Goes through the table of the sample that keeps state, on a plugin of its own with one instance.</summary>
internal sealed class CounterWorker(SoakClient client, SoakServer server, Violations violations, Random random) : Worker(client, violations, random)
{
    private static readonly IReadOnlyList<SampleRow> _calls = SampleRow.Table("counter");

    protected override async Task StepAsync(CancellationToken stop)
    {
        var life = server.Life;

        if (await Client.InvokeAsync("invoke counter", "counter", "reset", "", "", null, 200) is null)
            return;

        foreach (var call in _calls)
        {
            // What was begun under another process, or was refused, is no sequence any more.
            if (await Client.InvokeAsync("invoke counter", "counter", call.Export, call.Json, "?float=bits", null, 200) is not { Succeeded: true } answer || server.IsDown || server.Life != life)
                return;

            Violations.Require(call.Matches(answer.Json()), $"counter {call.Export}({call.Json}) gave {answer}, not {string.Join(',', call.Expected)}");
        }
    }
}
