using System.Text;

namespace PluginHost.Soak.Workers;

/// <summary>Clients that are killed: in the middle of an upload, of a call, of a download, of their own head.</summary>
internal sealed class VanishingWorker(SoakClient client, SoakServer server, Ledger ledger, Tally tally, Violations violations, Random random) : Worker(client, violations, random)
{
    protected override async Task StepAsync(CancellationToken stop)
    {
        await server.WhenUp;
        await Task.Delay(Random.Next(0, 80), CancellationToken.None);
        var wait = TimeSpan.FromMilliseconds(Random.Next(0, 120));

        switch (Random.Next(6))
        {
            case 0:
                tally.Count("killed client", "within an upload");
                await UploadAsync(isWhole: false, wait);
                break;
            case 1:
                tally.Count("killed client", "behind an upload");
                await UploadAsync(isWhole: true, TimeSpan.FromMilliseconds(Random.Next(0, 12)));
                break;
            case 2:
                tally.Count("killed client", "within a call");
                await CallAsync("faults", ((string[])["loop", "sleepForever", "outputForever", "loopWork"])[Random.Next(4)], "", wait);
                break;
            case 3:
                tally.Count("killed client", "within a call");
                await CallAsync("goroutines", "sleep", "500", wait);
                break;
            case 4:
                tally.Count("killed client", "within a download");
                await RudeClient.SendAsync(server.Port, "GET /v1/plugins/text/versions/live/wasm HTTP/1.1\r\nHost: localhost\r\n\r\n", default, read: 10_000, wait);
                break;
            default:
                tally.Count("killed client", "within a head");
                await RudeClient.SendAsync(server.Port, "POST /v1/plugins/calc/exports/add/invoke HTTP/1.1\r\nHost: loc", default, read: 0, wait);
                break;
        }
    }

    private async Task UploadAsync(bool isWhole, TimeSpan wait)
    {
        var module = SoakModule.Next(Random);
        var plugin = ChurnPlugins.Name(99, Random.Next(3));
        ledger.Add(plugin, module.Digest, module.Bytes.Length, isWhole ? LedgerState.Unanswered : LedgerState.Refused);
        var sent = isWhole ? module.Bytes.Length : Random.Next(0, module.Bytes.Length);

        await RudeClient.SendAsync(
            server.Port, RudeClient.Head("POST", $"/v1/plugins/{plugin}/versions", "application/wasm", module.Bytes.Length), module.Bytes.AsMemory(0, sent), read: 0, wait);
    }

    private Task CallAsync(string plugin, string export, string arguments, TimeSpan wait)
    {
        var body = Encoding.ASCII.GetBytes($"{{\"args\":[{arguments}]}}");

        return RudeClient.SendAsync(server.Port, RudeClient.Head("POST", $"/v1/plugins/{plugin}/exports/{export}/invoke", "application/json", body.Length), body, read: 0, wait);
    }
}
