using System.Formats.Tar;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using PluginHost.Api.Tests.Calls;
using PluginHost.Api.Tests.Support;
using PluginHost.Plugins;
using PluginHost.Plugins.Backups;

namespace PluginHost.Api.Tests.Backups;

public sealed class BackupTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();

    private string Archive => Path.Combine(_folder.Path, "backup.tar");

    private string Restored => Path.Combine(_folder.Path, "restored");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Backup_WhileEverythingIsWritten_RestoresToAServerThatHasAllThatWasThereBefore()
    {
        const string Key = "the configured key";
        string secret;
        var before = new List<string>();

        using (var api = ApiFixture.With(("PluginHost:ApiKey", Key)))
        {
            api.Client.DefaultRequestHeaders.Authorization = new("Bearer", Key);
            var guest = await HostGuest.StartAsync(api, name: "guest");
            using var stored = await guest.InvokeAsync("kvSet", 1, 2);
            using var calc = await api.UploadAsync("calc", Repository.Sample("calc"));
            using var second = await api.UploadAsync("calc", [.. Repository.Sample("calc"), 0, 2, 1, (byte)'z']);
            using var made = await PostAsync(api.Client, "/v1/keys", """{"name":"kept","scopes":["invoke"]}""");
            secret = JsonDocument.Parse(await made.Content.ReadAsStringAsync()).RootElement.GetProperty("secret").GetString()!;
            using var once = await api.CallAsync("calc", "add", """{"args":[1,2]}""", ("Idempotency-Key", "kept"));

            // 1. Uploads, deletions, aliases and calls without a pause.
            using var ending = new CancellationTokenSource();
            var writers = Enumerable.Range(0, 4).Select(writer => WriteAsync(api, writer, before, ending.Token)).ToList();

            while (before.Count < 8)
                await Task.Delay(10);

            // 2. The backup. A second one at the same time is told to wait, if there is such a time.
            string[] acknowledged;

            lock (before)
                acknowledged = [.. before];

            using (var answer = await api.Client.PostAsync(new Uri("/v1/backup", UriKind.Relative), null))
            {
                Assert.Equal("application/x-tar", answer.Content.Headers.ContentType?.ToString());
                Assert.EndsWith(".tar", answer.Content.Headers.ContentDisposition?.FileName?.Trim('"'), StringComparison.Ordinal);
                await File.WriteAllBytesAsync(Archive, await answer.Content.ReadAsByteArrayAsync());
            }

            await ending.CancelAsync();
            await Task.WhenAll(writers);
            before = [.. acknowledged];
            Assert.Equal(0, api.UnfinishedUploads);
        }

        // 3. Another server on what was restored.
        var (code, output, errors) = await RestoreAsync();
        Assert.True(code == 0, output + errors);
        var address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{LoopbackPort.Free()}");
        using var client = new HttpClient { BaseAddress = new Uri(address), Timeout = TimeSpan.FromMinutes(1) };
        using var server = ServerProcess.Start(["--PluginHost:DataDirectory", Restored, "--urls", address, "--PluginHost:ApiKey", Key]);
        await server.WaitUntilReadyAsync(client);
        client.DefaultRequestHeaders.Authorization = new("Bearer", secret);
        using var called = await client.CallAsync("calc", "add", """{"args":[20,22]}""", ("Prefer", "wait=1"));
        client.DefaultRequestHeaders.Authorization = new("Bearer", Key);
        using var replayed = await client.CallAsync("calc", "add", """{"args":[1,2]}""", ("Idempotency-Key", "kept"));
        var alias = await client.GetStringAsync(new Uri("/v1/plugins/calc/aliases/live", UriKind.Relative));

        Assert.Equal("""{"results":[42]}""", await called.Content.ReadAsStringAsync());
        Assert.Equal("2", Assert.Single(called.Headers.GetValues("PluginHost-Version")));
        Assert.Equal("true", Assert.Single(replayed.Headers.GetValues("Idempotency-Replayed")));
        Assert.Contains("\"version\":2", alias, StringComparison.Ordinal);

        foreach (var plugin in before)
        {
            using var answer = await client.CallAsync(plugin, "add", """{"args":[1,2]}""");
            Assert.True(answer.IsSuccessStatusCode, $"{plugin}: {await answer.Content.ReadAsStringAsync()}");
        }

        server.Terminate();
        (_, output, _) = await server.ExitAsync();
        Assert.DoesNotContain("missing or incomplete", output, StringComparison.Ordinal);
        Assert.Contains("removed 0 unfinished uploads and 0 orphaned modules", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Backup_ModuleIsDeletedWhileItIsRead_IsInItAndGoneAfterwards()
    {
        using var api = new ApiFixture();
        using var upload = await api.UploadAsync("calc", Repository.Sample("calc"));
        var slow = new SlowStream();
        var backups = (PluginBackups)api.Services.GetService(typeof(PluginBackups))!;

        var writing = backups.WriteAsync(_ => slow, CancellationToken.None);
        await slow.Begun;
        using var deleted = await api.Client.DeleteAsync(new Uri("/v1/plugins/calc", UriKind.Relative));
        var second = await backups.WriteAsync(_ => Stream.Null, CancellationToken.None);
        slow.GoOn();

        Assert.Null(await writing);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Equal(FailureCode.BackupInProgress, second?.Code);
        slow.Written.Position = 0;
        Assert.Single((await BackupArchive.ReadAsync(slow.Written, null, CancellationToken.None)).Modules);
        var data = ((Microsoft.Extensions.Options.IOptions<PluginHostOptions>)api.Services.GetService(typeof(Microsoft.Extensions.Options.IOptions<PluginHostOptions>))!).Value.DataDirectory;

        while (Directory.EnumerateFiles(Path.Combine(data, "modules"), "*", SearchOption.AllDirectories).Any())
            await Task.Delay(10);
    }

    [Fact]
    public async Task Restore_DirectoryIsNotEmpty_ChangesNothing()
    {
        await MakeAsync();
        Directory.CreateDirectory(Restored);
        await File.WriteAllTextAsync(Path.Combine(Restored, "mine"), "mine");

        var (code, _, errors) = await RestoreAsync();

        Assert.Equal((int)StartFailure.DataDirectory, code);
        Assert.Contains("not empty", errors, StringComparison.Ordinal);
        Assert.Equal("mine", Path.GetFileName(Assert.Single(Directory.EnumerateFileSystemEntries(Restored))));
    }

    public static TheoryData<string, string> Damages() => new()
    {
        { "truncated", "read|ends too early|digest" },
        { "no-manifest", "does not begin with" },
        { "format", "newer" },
        { "module-bytes", "digest" },
        { "module-missing", "ends too early" },
        { "module-twice", "twice" },
        { "module-link", "no file" },
        { "module-size", "manifest says" },
        { "outside", "not one that its manifest names" },
        { "digest-path", "cannot be" },
        { "catalog-garbage", "catalog is damaged" },
        { "catalog-newer", "newer one" },
        { "empty", "does not begin with|read" },
    };

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task Restore_ArchiveIsDamagedOrMeansHarm_IsRefusedAndNothingIsLeft(string damage, string reason)
    {
        await MakeAsync();
        await DamageAsync(damage);

        var exception = await Assert.ThrowsAsync<PluginHostStartException>(async () =>
        {
            await using var archive = File.OpenRead(Archive);
            await BackupRestore.RunAsync(archive, Restored, CancellationToken.None);
        });

        Assert.Contains(reason.Split('|'), text => exception.Message.Contains(text, StringComparison.Ordinal));
        Assert.Equal(damage == "catalog-newer" ? StartFailure.CatalogNewer : StartFailure.CatalogDamaged, exception.Failure);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Restored));
        Assert.False(File.Exists(Path.Combine(_folder.Path, "evil")));
    }

    private static async Task WriteAsync(ApiFixture api, int writer, List<string> made, CancellationToken cancellation)
    {
        for (var i = 0; !cancellation.IsCancellationRequested; i++)
        {
            var plugin = $"writer-{writer}-{i}";
            using var upload = await api.UploadAsync(plugin, [.. Repository.Sample("calc"), 0, 3, 1, (byte)('a' + writer), (byte)i]);
            Assert.True(upload.IsSuccessStatusCode, await upload.Content.ReadAsStringAsync(CancellationToken.None));

            if (i % 3 == 2)
            {
                using var deleted = await api.Client.DeleteAsync(new Uri($"/v1/plugins/{plugin}", UriKind.Relative), CancellationToken.None);
                continue;
            }

            lock (made)
                made.Add(plugin);
        }
    }

    private static async Task<HttpResponseMessage> PostAsync(HttpClient client, string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await client.PostAsync(new Uri(path, UriKind.Relative), content);
    }

    private async Task<(int Code, string Output, string Errors)> RestoreAsync()
    {
        using var restore = ServerProcess.Start(["restore", Archive, "--PluginHost:DataDirectory", Restored]);
        return await restore.ExitAsync();
    }

    private async Task MakeAsync()
    {
        using var api = new ApiFixture();
        using var one = await api.UploadAsync("calc", Repository.Sample("calc"));
        using var two = await api.UploadAsync("add", ModuleBuilder.Add);
        using var answer = await api.Client.PostAsync(new Uri("/v1/backup", UriKind.Relative), null);
        await File.WriteAllBytesAsync(Archive, await answer.Content.ReadAsByteArrayAsync());
    }

    private async Task DamageAsync(string damage)
    {
        var bytes = await File.ReadAllBytesAsync(Archive);

        if (damage is "truncated" or "empty")
        {
            await File.WriteAllBytesAsync(Archive, damage == "empty" ? [] : bytes[..(bytes.Length / 2)]);
            return;
        }

        var entries = new List<(string Name, TarEntryType Type, byte[] Content)>();

        using (var reader = new TarReader(new MemoryStream(bytes)))
        {
            while (reader.GetNextEntry(copyData: true) is { } entry)
            {
                using var content = new MemoryStream();
                entry.DataStream?.CopyTo(content);
                entries.Add((entry.Name, entry.EntryType, content.ToArray()));
            }
        }

        var manifest = JsonNode.Parse(entries[0].Content)!;
        var last = entries[^1];

        switch (damage)
        {
            case "no-manifest":
                entries.RemoveAt(0);
                break;
            case "format":
                manifest["format"] = 2;
                break;
            case "module-bytes":
                last.Content[^1] ^= 1;
                break;
            case "module-missing":
                entries.RemoveAt(entries.Count - 1);
                break;
            case "module-twice":
                entries.Add(last);
                break;
            case "module-link":
                entries[^1] = (last.Name, TarEntryType.SymbolicLink, []);
                break;
            case "module-size":
                entries[^1] = (last.Name, last.Type, [.. last.Content, 0]);
                break;
            case "outside":
                entries.Add(("../evil", TarEntryType.RegularFile, [1]));
                break;
            case "digest-path":
                manifest["modules"]!.AsArray().Add(new JsonObject { ["digest"] = "sha256:../../../../../../../../../../../../../../../../../../../../../../evil", ["size"] = 1 });
                break;
            case "catalog-garbage":
                Replace(entries, manifest, new byte[8_192]);
                break;
            case "catalog-newer":
                var newer = (byte[])entries[1].Content.Clone();

                // The user version stands at the offset 60 of the header, big-endian.
                newer[62] = 7;
                Replace(entries, manifest, newer);
                break;
        }

        if (entries[0].Name == BackupManifest.ManifestEntry)
            entries[0] = (entries[0].Name, entries[0].Type, Encoding.UTF8.GetBytes(manifest.ToJsonString()));

        await using var writer = new TarWriter(File.Create(Archive), TarEntryFormat.Pax);

        foreach (var (name, type, content) in entries)
        {
            var entry = new PaxTarEntry(type, name);

            if (type == TarEntryType.SymbolicLink)
                entry.LinkName = "/etc/passwd";
            else
                entry.DataStream = new MemoryStream(content);

            await writer.WriteEntryAsync(entry);
        }
    }

    private static void Replace(List<(string Name, TarEntryType Type, byte[] Content)> entries, JsonNode manifest, byte[] catalog)
    {
        entries[1] = (entries[1].Name, entries[1].Type, catalog);
        manifest["catalog"] = new JsonObject { ["digest"] = "sha256:" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(catalog)), ["size"] = catalog.Length };
    }

    /// <summary>Takes nothing until it is told to.</summary>
    private sealed class SlowStream : Stream
    {
        private readonly TaskCompletionSource _begun = new();
        private readonly TaskCompletionSource _goOn = new();

        public MemoryStream Written { get; } = new();

        public Task Begun => _begun.Task;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => Written.Length;

        public override long Position { get => Written.Position; set => throw new NotSupportedException(); }

        public void GoOn() => _goOn.SetResult();

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            _begun.TrySetResult();
            await _goOn.Task;
            Written.Write(buffer.Span);
        }

        public override void Write(byte[] buffer, int offset, int count) => Written.Write(buffer, offset, count);

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
