using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using PluginHost.Api.Tests.Support;
using PluginHost.Plugins.Access;
using PluginHost.Plugins.Auditing;

namespace PluginHost.Api.Tests.Security;

/// <summary>What the audit log has of the requests that change something.</summary>
public sealed class AuditTests : IDisposable
{
    private const string Key = "the configured key";

    private readonly ApiFixture _api = ApiFixture.With(("PluginHost:ApiKey", Key));

    public void Dispose() => _api.Dispose();

    [Fact]
    public async Task Document_EveryOperationThatChanges_LeavesOneEntry()
    {
        using var read = new HttpRequestMessage(HttpMethod.Get, new Uri("/openapi/v1.json", UriKind.Relative));
        read.Headers.Authorization = new("Bearer", Key);
        using var answer = await _api.Client.SendAsync(read);
        using var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        var (entries, changing) = (0, 0);

        foreach (var operation in DocumentOperation.All(document))
        {
            var isChange = operation.Scope is "deploy" or "admin" && operation.Method != HttpMethod.Get && operation.Method != HttpMethod.Head && operation.Template != "/v1/plugins/validate";

            foreach (var key in (string?[])[null, "another key", Key])
            {
                using var sent = await operation.SendAsync(_api.Client, key);
                var log = Entries();

                Assert.True(log.Count == entries + (isChange ? 1 : 0), $"{operation} with {key ?? "no key"}: {log.Count - entries} entries");
                entries = log.Count;

                if (!isChange)
                    continue;

                changing++;
                Assert.Equal($"{operation.Method} {operation.Template}", log[0].Action);
                Assert.Equal(key == Key ? "configured" : "", log[0].Caller);
                Assert.True(key == Key ? log[0].Result is not ("unauthenticated" or "aborted" or "failed") : log[0].Result == "unauthenticated", log[0].ToString());
                Assert.True(IPAddress.IsLoopback(IPAddress.Parse(log[0].Address)));
            }
        }

        Assert.True(changing >= 15, $"{changing} requests that change");
    }

    [Fact]
    public async Task Entries_OfAPluginsLife_SayWhoDidWhatWithWhichRevisions()
    {
        var made = _api.Services.GetRequiredService<AccessKeys>().Create(new KeyRequest("pipeline", ["deploy"]), needsAdministrator: false).Value!;
        using var put = await SendAsync(HttpMethod.Put, "/v1/plugins/calc", made.Secret, new StringContent("{}", Encoding.UTF8, "application/json"));
        using var again = await SendAsync(HttpMethod.Put, "/v1/plugins/calc", made.Secret, new StringContent("""{"pool":{"maximum":2}}""", Encoding.UTF8, "application/json"));
        using var stale = await SendAsync(HttpMethod.Put, "/v1/plugins/calc", made.Secret, new StringContent("""{"pool":{"maximum":-2}}""", Encoding.UTF8, "application/json"));
        using var upload = await UploadAsync(made.Secret);
        using var same = await UploadAsync(made.Secret);
        using var keys = await SendAsync(HttpMethod.Post, "/v1/keys", made.Secret, new StringContent("{}", Encoding.UTF8, "application/json"));
        using var deleted = await SendAsync(HttpMethod.Delete, "/v1/plugins/calc", made.Secret);

        using var audit = await SendAsync(HttpMethod.Get, "/v1/audit?pageSize=4", Key);
        var text = await audit.Content.ReadAsStringAsync();
        using var page = JsonDocument.Parse(text);
        using var older = await SendAsync(HttpMethod.Get, $"/v1/audit?pageToken={page.RootElement.GetProperty("nextPageToken").GetString()}", Key);
        using var rest = JsonDocument.Parse(await older.Content.ReadAsStringAsync());
        var entries = page.RootElement.GetProperty("items").EnumerateArray().Concat(rest.RootElement.GetProperty("items").EnumerateArray()).ToList();

        Assert.Equal(
            [
                "DELETE /v1/plugins/{plugin} done 2 -",
                "POST /v1/keys forbidden - -",
                "POST /v1/plugins/{plugin}/versions unchanged - -",
                "POST /v1/plugins/{plugin}/versions done 2 2",
                "PUT /v1/plugins/{plugin} invalid-configuration - -",
                "PUT /v1/plugins/{plugin} done 1 2",
                "PUT /v1/plugins/{plugin} done - 1",
            ],
            entries.Select(entry => $"{entry.GetProperty("action").GetString()} {entry.GetProperty("result").GetString()} {Revision(entry, "revisionBefore")} {Revision(entry, "revisionAfter")}"));
        Assert.All(entries, entry => Assert.Equal(("pipeline", made.Key.Id), (entry.GetProperty("callerName").GetString(), entry.GetProperty("caller").GetString())));
        Assert.StartsWith("version 1, sha256:", entries[3].GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain(made.Secret.Split('_')[2], text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refusals_AFloodOfThem_IsNotAllWrittenAndDrivesNothingOut()
    {
        using var put = await SendAsync(HttpMethod.Put, "/v1/plugins/calc", Key, new StringContent("{}", Encoding.UTF8, "application/json"));

        for (var i = 0; i < 400; i++)
        {
            using var refused = await SendAsync(HttpMethod.Delete, "/v1/plugins/calc", "wrong");
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        }

        var log = Entries();
        Assert.InRange(log.Count, 2, 400);
        Assert.Equal("done", log[^1].Result);
    }

    [Theory]
    [InlineData("?pageSize=0", "invalid-page-size")]
    [InlineData("?pageToken=x", "invalid-page-token")]
    public async Task Page_ThatIsNone_IsAProblem(string query, string code)
    {
        using var answer = await SendAsync(HttpMethod.Get, "/v1/audit" + query, Key);

        await ProblemAssert.IsAsync(answer, 400, code);
    }

    private static string Revision(JsonElement entry, string name) => entry.TryGetProperty(name, out var revision) ? revision.GetRawText() : "-";

    private IReadOnlyList<AuditEntry> Entries() => _api.Services.GetRequiredService<AuditLog>().Read(1_000, null).Value!.Items;

    private async Task<HttpResponseMessage> UploadAsync(string key)
    {
        using var module = new ByteArrayContent(Repository.Sample("calc"));
        module.Headers.ContentType = new("application/wasm");
        return await SendAsync(HttpMethod.Post, "/v1/plugins/calc/versions", key, module);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string key, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = content };
        request.Headers.Authorization = new("Bearer", key);
        return await _api.Client.SendAsync(request);
    }
}
