namespace PluginHost.Soak.Workers;

/// <summary>Uploads, uploads again, checks, and deletes versions and plugins of its own; what is acknowledged it writes down.</summary>
internal sealed class ChurnWorker(SoakClient client, Ledger ledger, LedgerAudit audit, Violations violations, Random random, int number) : Worker(client, violations, random)
{
    private const int Slots = 3;
    private const int MaximumVersions = 5;

    private readonly Dictionary<LedgerEntry, SoakModule> _modules = [];

    protected override Task StepAsync(CancellationToken stop)
    {
        var plugin = ChurnPlugins.Name(number, Random.Next(Slots));
        var present = _modules.Keys.Where(entry => entry.Plugin == plugin && entry.State == LedgerState.Present).OrderBy(entry => entry.Ordinal).ToList();

        if (present.Count >= MaximumVersions)
            return Random.Next(3) == 0 ? DeletePluginAsync(plugin) : DeleteVersionAsync(present[0]);

        return Random.Next(10) switch
        {
            < 4 => UploadAsync(plugin),
            4 when present.Count > 0 => UploadAgainAsync(present[Random.Next(present.Count)]),
            5 => UploadRubbishAsync(plugin),
            6 when present.Count > 1 => DeleteVersionAsync(present[Random.Next(present.Count)]),
            _ when present.Count > 0 => audit.IsWholeAsync(present[Random.Next(present.Count)]),
            _ => UploadAsync(plugin),
        };
    }

    private async Task UploadAsync(string plugin)
    {
        var module = SoakModule.Next(Random);
        var entry = ledger.Add(plugin, module.Digest, module.Bytes.Length);
        _modules[entry] = module;

        if (await SendAsync(plugin, module, 201) is not { } answer)
            return;

        if (!Violations.Require(answer.Json().GetProperty("digest").GetString() == module.Digest, $"{entry} was acknowledged as {answer}"))
            return;

        entry.Ordinal = answer.Json().GetProperty("ordinal").GetInt32();
        entry.State = LedgerState.Present;

        // What is acknowledged is there at once.
        await audit.IsWholeAsync(entry);
    }

    private async Task UploadAgainAsync(LedgerEntry entry)
    {
        if (await SendAsync(entry.Plugin, _modules[entry], 200) is { Succeeded: true } answer)
            Violations.Require(answer.Json().GetProperty("ordinal").GetInt32() == entry.Ordinal, $"{entry} uploaded again is {answer}");
    }

    private async Task UploadRubbishAsync(string plugin)
    {
        // A module whose last section is cut off, or what is none from its first byte on.
        var module = SoakModule.Next(Random);
        var rubbish = Random.Next(2) == 0 ? module.Bytes[..^Random.Next(1, 3)] : module.Bytes[1..];
        await Client.SendAsync("upload rubbish", HttpMethod.Post, $"/v1/plugins/{plugin}/versions", SoakClient.Wasm(rubbish), [422]);
    }

    private async Task DeleteVersionAsync(LedgerEntry entry)
    {
        entry.State = LedgerState.Deleting;

        // 409 where the version is live.
        if (await Client.SendAsync("delete version", HttpMethod.Delete, $"/v1/plugins/{entry.Plugin}/versions/{entry.Digest}", null, [204, 409]) is not { } answer)
            return;

        entry.State = answer.Status == 204 ? LedgerState.Deleted : LedgerState.Present;

        if (answer.Status == 204)
            Forget(entry);
    }

    private async Task DeletePluginAsync(string plugin)
    {
        var there = _modules.Keys.Where(entry => entry.Plugin == plugin && entry.State is LedgerState.Present or LedgerState.Deleting).ToList();

        foreach (var entry in there)
            entry.State = LedgerState.Deleting;

        if (await Client.SendAsync("delete plugin", HttpMethod.Delete, $"/v1/plugins/{plugin}", null, [204]) is not { Succeeded: true })
            return;

        foreach (var entry in there)
        {
            entry.State = LedgerState.Deleted;
            Forget(entry);
        }

        await Client.GetAsync("get plugin", $"/v1/plugins/{plugin}", 404);
    }

    private void Forget(LedgerEntry entry) => _modules.Remove(entry);

    // A busy server has said so before it stored anything, but the ledger does not have to know: unanswered is unanswered.
    private Task<SoakAnswer?> SendAsync(string plugin, SoakModule module, int status) => Client.SendAsync(
        "upload", HttpMethod.Post, $"/v1/plugins/{plugin}/versions", Random.Next(2) == 0 ? SoakClient.Wasm(module.Bytes) : SoakClient.Form(module.Bytes), [status]);
}
