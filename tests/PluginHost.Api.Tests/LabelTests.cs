using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using PluginHost.Api.Tests.Support;

namespace PluginHost.Api.Tests;

public sealed class LabelTests : IDisposable
{
    private readonly ApiFixture _api = new();

    [Theory]
    [InlineData("?label=team=payments", "one,two")]
    [InlineData("?label=team=payments&label=example.com/tier=gold", "two")]
    [InlineData("?label=team", "one,three,two")]
    [InlineData("?label=team=", "")]
    [InlineData("?label=absent", "")]
    public async Task List_ByLabels_HasThosePluginsThatHaveAll(string query, string expected)
    {
        using var one = await PutAsync("one", """{"team":"payments"}""");
        using var two = await PutAsync("two", """{"team":"payments","example.com/tier":"gold"}""");
        using var three = await PutAsync("three", """{"team":"search"}""");
        using var four = await PutAsync("four", "{}");

        var page = await _api.Client.GetFromJsonAsync<JsonElement>(new Uri("/v1/plugins" + query, UriKind.Relative));

        Assert.Equal(expected, string.Join(',', page.GetProperty("plugins").EnumerateArray().Select(plugin => plugin.GetProperty("name").GetString())));
    }

    [Fact]
    public async Task List_ByLabels_PagesThroughThoseSelected()
    {
        for (var number = 0; number < 5; number++)
        {
            using var put = await PutAsync($"p{number}", number % 2 == 0 ? """{"even":"yes"}""" : "{}");
        }

        var first = await _api.Client.GetFromJsonAsync<JsonElement>(new Uri("/v1/plugins?label=even&pageSize=2", UriKind.Relative));
        var second = await _api.Client.GetFromJsonAsync<JsonElement>(new Uri("/v1/plugins?label=even&pageSize=2&pageToken=" + first.GetProperty("nextPageToken").GetString(), UriKind.Relative));

        Assert.Equal("p4", Assert.Single(second.GetProperty("plugins").EnumerateArray()).GetProperty("name").GetString());
        Assert.False(second.TryGetProperty("nextPageToken", out var token) && token.ValueKind != JsonValueKind.Null);
    }

    [Theory]
    [InlineData("?label==payments")]
    [InlineData("?label=team=a%20b")]
    [InlineData("?label=-x")]
    [InlineData("?label=a/b/c")]
    [InlineData("?label=")]
    public async Task List_ByWhatIsNoLabel_IsRefused(string query)
    {
        using var answer = await _api.Client.GetAsync(new Uri("/v1/plugins" + query, UriKind.Relative));

        await ProblemAssert.IsAsync(answer, 400, "invalid-label");
    }

    [Theory]
    [InlineData("""{"":"x"}""")]
    [InlineData("""{"a b":"x"}""")]
    [InlineData("""{"a":"-x"}""")]
    [InlineData("""{"a":null}""")]
    [InlineData("""{"Example.com/a":"x"}""")]
    [InlineData("""{"example..com/a":"x"}""")]
    [InlineData("""{"a":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}""")]
    public async Task Put_LabelsThatAreNone_NamesThem(string labels)
    {
        using var answer = await PutAsync("one", labels);

        var problem = await ProblemAssert.IsAsync(answer, 400, "invalid-configuration");
        Assert.StartsWith("/labels", problem.GetProperty("errors").EnumerateObject().First().Name, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Put_TooManyLabels_IsRefused()
    {
        using var most = await PutAsync("one", JsonSerializer.Serialize(Enumerable.Range(0, 32).ToDictionary(number => $"l{number}", _ => "")));
        using var more = await PutAsync("one", JsonSerializer.Serialize(Enumerable.Range(0, 33).ToDictionary(number => $"l{number}", _ => "")));

        Assert.Equal(HttpStatusCode.Created, most.StatusCode);
        await ProblemAssert.IsAsync(more, 400, "invalid-configuration");
    }

    public void Dispose() => _api.Dispose();

    private Task<HttpResponseMessage> PutAsync(string plugin, string labels) => _api.Client.PutAsync(
        new Uri($"/v1/plugins/{plugin}", UriKind.Relative), new StringContent($$"""{"labels":{{labels}}}""", Encoding.UTF8, "application/json"));
}
