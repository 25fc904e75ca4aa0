using System.Text;
using FsCheck.Xunit;
using PluginHost.Api.Tests.Support;

namespace PluginHost.Api.Tests;

/// <summary>A plugin's tag through any sequence of changes: whoever names the present one changes the plugin, and nobody else does.</summary>
[Properties(Replay = PropertySeed.Fixed, MaxTest = 60, QuietOnSuccess = true)]
public sealed class RevisionProperties(ApiFixture api) : IClassFixture<ApiFixture>
{
    private static readonly Uri Address = new("/v1/plugins/revisions", UriKind.Relative);

    [Property]
    public async Task Change_AnySequence_HappensExactlyWhenItsConditionHolds(uint[] steps)
    {
        (await SendAsync(HttpMethod.Delete, null, null)).Dispose();
        string? present = null;
        var former = new List<string>();

        foreach (var step in steps)
        {
            // 1. A change under a condition, and whether that holds.
            var method = step % 4 == 0 ? HttpMethod.Delete : HttpMethod.Put;
            var own = present ?? "\"1\"";
            var (condition, value, holds) = (step / 4 % 10) switch
            {
                0 => ("If-Match", "*", present is not null),
                1 => ("If-None-Match", "*", present is null),
                2 => ("If-Match", own, present is not null),
                3 => ("If-Match", former.LastOrDefault() ?? "\"none\"", false),
                4 => ("If-Match", "W/" + own, false),
                5 => ("If-Match", $"\"no\", {own}, \"another\"", present is not null),
                6 => ("If-Match", "neither quoted nor a list", false),
                7 => ("If-None-Match", $"\"no\", W/{own}", present is null),
                8 => ("If-None-Match", former.LastOrDefault() ?? "\"none\"", true),
                _ => (null as string, null as string, true),
            };

            using var answer = await SendAsync(method, condition, value);

            // 2. What became of it.
            var expected = method == HttpMethod.Delete && present is null ? 404
                : !holds ? 412
                : method == HttpMethod.Delete ? 204
                : present is null ? 201 : 200;

            Assert.True(expected == (int)answer.StatusCode, $"{method} {condition}: {value} at {present}: {(int)answer.StatusCode}, not {expected}");

            if (answer.IsSuccessStatusCode)
            {
                if (present is not null)
                    former.Add(present);

                present = method == HttpMethod.Delete ? null : answer.Headers.ETag!.Tag;
                Assert.DoesNotContain(present, former);
            }

            // 3. Reading says the same.
            using var read = await SendAsync(HttpMethod.Get, null, null);
            Assert.Equal(present, read.IsSuccessStatusCode ? read.Headers.ETag!.Tag : null);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string? condition, string? value)
    {
        using var request = new HttpRequestMessage(method, Address);

        if (method == HttpMethod.Put)
            request.Content = new StringContent("{}", Encoding.UTF8, "application/json");

        if (condition is not null)
            request.Headers.TryAddWithoutValidation(condition, value);

        return await api.Client.SendAsync(request);
    }
}
