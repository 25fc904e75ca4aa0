using System.Security.Cryptography;

namespace PluginHost.Soak;

/// <summary>Holds the server against the ledger: nothing acknowledged is lost, nothing deleted comes back, nothing is half there, nothing else is there.</summary>
internal sealed class LedgerAudit(SoakClient client, SoakServer server, Ledger ledger, Violations violations)
{
    /// <summary>Checks every entry while no load runs, and settles those that were not answered.</summary>
    public async Task<LedgerSummary> RunAsync(string occasion)
    {
        var entries = ledger.All;
        var before = entries.CountBy(entry => entry.State).ToDictionary();

        await Parallel.ForEachAsync(entries, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (entry, _) => await CheckAsync(entry, occasion));
        await CheckListsAsync(entries, occasion);
        CheckFiles(entries, occasion);

        return new LedgerSummary(
            occasion,
            before.GetValueOrDefault(LedgerState.Present),
            before.GetValueOrDefault(LedgerState.Deleted),
            before.GetValueOrDefault(LedgerState.Refused),
            before.GetValueOrDefault(LedgerState.Unanswered) + before.GetValueOrDefault(LedgerState.Deleting),
            entries.Count(entry => entry.State == LedgerState.Present));
    }

    /// <summary>Whether a version is there as it was uploaded, to the last byte, and works.</summary>
    public async Task<bool> IsWholeAsync(LedgerEntry entry, bool invokes = true)
    {
        var path = $"/v1/plugins/{entry.Plugin}/versions/{entry.Digest}";

        if (await client.GetAsync("get version", path, 200) is not { } version || await client.GetAsync("download", path + "/wasm", 200) is not { } wasm)
            return server.IsDown;

        var (ordinal, digest, size) = (version.Json().GetProperty("ordinal").GetInt32(), version.Json().GetProperty("digest").GetString(), version.Json().GetProperty("size").GetInt64());
        entry.Ordinal = entry.Ordinal == 0 ? ordinal : entry.Ordinal;

        var isWhole = violations.Require(ordinal == entry.Ordinal && digest == entry.Digest && size == entry.Size, $"{entry} is described as {version}")
            & violations.Require("sha256:" + Convert.ToHexStringLower(SHA256.HashData(wasm.Body)) == entry.Digest, $"{entry} was downloaded with other bytes, {wasm.Body.Length} of them");

        if (invokes && await client.InvokeAsync("invoke version", entry.Plugin, "add", "1,2", $"?version={entry.Ordinal}", null, 200) is { } sum)
            isWhole &= violations.Require(sum.Text == """{"results":[3]}""", $"{entry} adds 1 and 2 to {sum}");

        return isWhole;
    }

    private async ValueTask CheckAsync(LedgerEntry entry, string occasion)
    {
        int[] statuses = entry.State switch
        {
            LedgerState.Present => [200],
            LedgerState.Deleted or LedgerState.Refused => [404],
            _ => [200, 404],
        };

        if (await client.GetAsync("audit", $"/v1/plugins/{entry.Plugin}/versions/{entry.Digest}", statuses) is not { } answer)
        {
            violations.Add($"{occasion}: {entry} could not be looked at.");
            return;
        }

        if (!statuses.Contains(answer.Status))
            violations.Add($"{occasion}: {entry} is {answer.Status}.");

        if (answer.Status == 404)
        {
            entry.State = entry.State == LedgerState.Refused ? LedgerState.Refused : LedgerState.Deleted;
            return;
        }

        entry.State = LedgerState.Present;
        await IsWholeAsync(entry, invokes: entry.Plugin.StartsWith(ChurnPlugins.Prefix, StringComparison.Ordinal));
    }

    private async Task CheckListsAsync(IReadOnlyList<LedgerEntry> entries, string occasion)
    {
        var listed = new List<string>();

        foreach (var plugin in await PluginsAsync())
        {
            if (await client.GetAsync("list versions", $"/v1/plugins/{plugin}/versions", 200) is { } versions)
                listed.AddRange(versions.Json().GetProperty("items").EnumerateArray().Select(version => $"{plugin} {version.GetProperty("digest").GetString()}"));
        }

        var expected = entries.Where(entry => entry.State == LedgerState.Present).Select(entry => $"{entry.Plugin} {entry.Digest}").ToHashSet(StringComparer.Ordinal);

        violations.Require(
            expected.SetEquals(listed) && listed.Count == expected.Count,
            $"{occasion}: listed and unknown: {string.Join(", ", listed.Except(expected))}; missing: {string.Join(", ", expected.Except(listed))}");
    }

    private void CheckFiles(IReadOnlyList<LedgerEntry> entries, string occasion)
    {
        var (stored, unfinished) = server.StoredModules();
        var expected = entries.Where(entry => entry.State == LedgerState.Present).Select(entry => entry.Digest).ToHashSet(StringComparer.Ordinal);

        violations.Require(expected.SetEquals(stored), $"{occasion}: files of no version: {string.Join(", ", stored.Except(expected))}; missing: {string.Join(", ", expected.Except(stored))}");
        violations.Require(unfinished == 0, $"{occasion}: {unfinished} unfinished uploads lie about.");
    }

    public async Task<List<string>> PluginsAsync()
    {
        var names = new List<string>();
        string? token = null;

        do
        {
            if (await client.GetAsync("list plugins", $"/v1/plugins?pageSize=7&pageToken={token}", 200) is not { } page)
                return names;

            names.AddRange(page.Json().GetProperty("plugins").EnumerateArray().Select(plugin => plugin.GetProperty("name").GetString()!));
            token = page.Json().TryGetProperty("nextPageToken", out var next) ? next.GetString() : null;
        }
        while (token is not null);

        return names;
    }
}
