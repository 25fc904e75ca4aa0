namespace PluginHost.Soak.Workers;

/// <summary>Calls the samples that keep no state, and knows what native Go gave for each call.</summary>
internal sealed class SampleWorker(SoakClient client, Violations violations, Random random) : Worker(client, violations, random)
{
    private static readonly (string Sample, IReadOnlyList<SampleRow> Calls)[] _samples =
        [.. ((string[])["calc", "calc", "goroutines", "text", "crypto"]).Select(sample => (sample, SampleRow.Table(sample)))];

    protected override async Task StepAsync(CancellationToken stop)
    {
        var (sample, calls) = _samples[Random.Next(_samples.Length)];
        var call = calls[Random.Next(calls.Count)];

        if (await Client.InvokeAsync($"invoke {sample}", sample, call.Export, call.Json, "?float=bits", null, 200) is { Succeeded: true } answer)
            Violations.Require(call.Matches(answer.Json()), $"{sample} {call.Export}({call.Json}) gave {answer}, not {string.Join(',', call.Expected)}");
    }
}
