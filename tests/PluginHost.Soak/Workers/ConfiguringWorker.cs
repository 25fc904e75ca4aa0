using System.Globalization;

namespace PluginHost.Soak.Workers;

/// <summary>Changes the configuration of plugins that are in use: their pools are replaced under their callers.</summary>
internal sealed class ConfiguringWorker(SoakClient client, Violations violations, Random random) : Worker(client, violations, random)
{
    protected override async Task StepAsync(CancellationToken stop)
    {
        await Task.Delay(Random.Next(200, 2_000), CancellationToken.None);

        var plugin = ((string[])["text", "goroutines", "crypto", "faults"])[Random.Next(4)];
        var pool = string.Create(CultureInfo.InvariantCulture, $$$"""{"pool":{"minimum":1,"maximum":{{{Random.Next(1, 6)}}}}}""");

        if (await Client.SendAsync("configure", HttpMethod.Put, $"/v1/plugins/{plugin}", SoakClient.Json(pool), [200]) is { Succeeded: true } answer)
            Violations.Require(answer.Json().GetProperty("name").GetString() == plugin, $"configuring {plugin} gave {answer}");
    }
}
