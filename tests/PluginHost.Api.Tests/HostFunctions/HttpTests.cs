using System.Text.Json;
using System.Text.RegularExpressions;
using PluginHost.Api.Tests.Support;

namespace PluginHost.Api.Tests.HostFunctions;

/// <summary>Requests of a Go module's to real servers, through REST.</summary>
public sealed partial class HttpTests(ApiFixture api) : IClassFixture<ApiFixture>, IAsyncLifetime
{
    private WebHost _web = null!;
    private WebHost _other = null!;

    public async Task InitializeAsync()
    {
        _web = await WebHost.StartAsync();
        _other = await WebHost.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _web.DisposeAsync();
        await _other.DisposeAsync();
    }

    [Fact]
    public async Task Get_Weather_GivesStatusHeadersAndBody()
    {
        var (result, printed) = await FetchAsync("GET", _web.Url + "/weather?city=Graz", headers: """{"Accept":["application/json"]}""");

        Assert.Equal("""{"city":"Graz","degrees":21.5}""", printed[1]);
        Assert.Equal(printed[1].Length, result);
        using var head = JsonDocument.Parse(printed[0]);
        Assert.Equal(200, head.RootElement.GetProperty("status").GetInt32());
        Assert.Equal("application/json; charset=utf-8", head.RootElement.GetProperty("headers").GetProperty("Content-Type")[0].GetString());
    }

    [Fact]
    public async Task Post_Body_ArrivesWithTheGuestsHeadersOnly()
    {
        var (_, printed) = await FetchAsync("POST", _web.Url + "/echo", headers: """{"X-Many":["a","b"],"Content-Type":["text/plain"]}""", body: "Grüße");

        Assert.Equal("POST Content-Length=7;Content-Type=text/plain;X-Many=a, b [Grüße]", printed[1]);
    }

    [Theory]
    [InlineData("http://localhost:{other}/weather?city=a", "does not grant the host 'localhost:{other}'")]
    [InlineData("http://127.0.0.1:{other}/weather?city=a", "does not grant the host '127.0.0.1:{other}'")]
    [InlineData("https://127.0.0.1:{port}/", "does not grant the scheme 'https'")]
    [InlineData("file:///etc/passwd", "not absolute")]
    [InlineData("/weather", "not absolute")]
    [InlineData("http://user:password@127.0.0.1:{port}/", "user name")]
    [InlineData("http://127.0.0.1.nip.io:{port}/", "does not grant the host")]
    [InlineData("http://127.0.0.1:{port}@evil.example/", "user name")]
    public async Task Get_WhereItMayNot_IsDeniedBeforeAnythingIsSent(string url, string reason)
    {
        url = Fill(url);

        var (result, printed) = await FetchAsync("GET", url, hosts: [$"127.0.0.1:{_web.Port}"]);

        Assert.Contains(result, (long[])[-4, -5]);
        Assert.Contains(Fill(reason), printed[0], StringComparison.Ordinal);
        Assert.Empty(_web.Requests);
        Assert.Empty(_other.Requests);
    }

    [Theory]
    [InlineData("http://0x7f.1:{port}/weather?city=a")]
    [InlineData("http://2130706433:{port}/weather?city=a")]
    [InlineData("http://127.1:{port}/weather?city=a")]
    [InlineData("http://localhost:{port}/weather?city=a")]
    [InlineData("http://[::ffff:127.0.0.1]:{port}/weather?city=a")]
    public async Task Get_PrivateAddressNotGranted_IsDenied(string url)
    {
        var (result, printed) = await FetchAsync("GET", Fill(url), hosts: ["127.0.0.1:*", "localhost:*", "[::ffff:127.0.0.1]:*"], more: "\"retries\":0", privateAddresses: false);

        Assert.Equal(-4, result);
        Assert.Contains("has no public address", printed[0], StringComparison.Ordinal);
        Assert.Empty(_web.Requests);
    }

    [Fact]
    public async Task Get_MethodNotGranted_IsDenied()
    {
        var (result, printed) = await FetchAsync("DELETE", _web.Url + "/echo", methods: ["GET"]);

        Assert.Equal(-4, result);
        Assert.Contains("does not grant the method 'DELETE'", printed[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"Host":["evil"]}""")]
    [InlineData("""{"content-length":["5"]}""")]
    [InlineData("""{"Transfer-Encoding":["chunked"]}""")]
    [InlineData("""{"CONNECTION":["close"]}""")]
    [InlineData("""{"Upgrade":["h2c"]}""")]
    [InlineData("""{"Proxy-Authorization":["a"]}""")]
    [InlineData("""{"X":["a\r\nHost: evil"]}""")]
    [InlineData("""{"X":["a\u0000"]}""")]
    [InlineData("""{"X":["\u00e9"]}""")]
    [InlineData("""{"X Y":["a"]}""")]
    [InlineData("""{"X:":["a"]}""")]
    [InlineData("""{"":["a"]}""")]
    [InlineData("""{"X":"a"}""")]
    [InlineData("""{"X":[1]}""")]
    [InlineData("""["X"]""")]
    [InlineData("{")]
    [InlineData("""{"X":["a"]} {}""")]
    public async Task Get_HeadersThatCouldSmuggle_AreInvalid(string headers)
    {
        var (result, _) = await FetchAsync("GET", _web.Url + "/echo", headers: headers);

        Assert.Equal(-5, result);
        Assert.Empty(_web.Requests);
    }

    [Theory]
    [InlineData(301, "POST", "GET")]
    [InlineData(302, "POST", "GET")]
    [InlineData(303, "PUT", "GET")]
    [InlineData(307, "POST", "POST")]
    [InlineData(308, "PUT", "PUT")]
    [InlineData(302, "GET", "GET")]
    public async Task Redirect_OnTheSameHost_IsFollowedWithTheRightMethod(int status, string method, string then)
    {
        var (_, printed) = await FetchAsync(method, $"{_web.Url}/redirect?status={status}&to=/echo", headers: """{"Authorization":["Bearer a"]}""", body: method == "GET" ? "" : "body");

        Assert.StartsWith(then + " ", printed[1], StringComparison.Ordinal);
        Assert.EndsWith(then is "POST" or "PUT" ? "[body]" : "[]", printed[1], StringComparison.Ordinal);
        Assert.Contains("Authorization=Bearer a", printed[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redirect_ToAnotherHost_LosesCredentials()
    {
        var (_, printed) = await FetchAsync(
            "GET", $"{_web.Url}/redirect?status=307&to={_other.Url}/echo", headers: """{"Authorization":["Bearer a"],"Cookie":["c=d"],"X-Api-Key":["e"],"Accept":["text/plain"]}""");

        Assert.Equal("GET Accept=text/plain []", printed[1]);
    }

    [Fact]
    public async Task Redirect_ToAHostThatIsNotGranted_IsDenied()
    {
        var (result, printed) = await FetchAsync("GET", $"{_web.Url}/redirect?status=302&to={_other.Url}/echo", hosts: [$"127.0.0.1:{_web.Port}"]);

        Assert.Equal(-4, result);
        Assert.Contains("does not grant the host", printed[0], StringComparison.Ordinal);
        Assert.Empty(_other.Requests);
    }

    [Fact]
    public async Task Redirect_WithoutEnd_Fails()
    {
        var loop = Uri.EscapeDataString("/redirect?status=302&to=/redirect%3Fstatus=302%26to=");
        var (result, printed) = await FetchAsync("GET", $"{_web.Url}/redirect?status=302&to={loop}", more: "\"redirects\":1");

        Assert.Equal(-6, result);
        Assert.Contains("redirected more than 1 times", printed[0], StringComparison.Ordinal);
        Assert.Equal(2, _web.Requests.Count);
    }

    [Theory]
    [InlineData("/slow")]
    [InlineData("/drip")]
    public async Task Get_SlowAnswer_EndsAtTheGuestsOwnTime(string path)
    {
        var (result, printed) = await FetchAsync("GET", _web.Url + path, timeout: 300);

        Assert.Equal(-7, result);
        Assert.Contains("300 ms", printed[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_SlowAnswer_EndsAtTheInvocationsDeadline()
    {
        var guest = await GuestAsync("GET", _web.Url + "/slow", "", "", ["127.0.0.1:*"], [], "", true, ""","limits":{"deadlineMilliseconds":400}""");

        using var answer = await guest.InvokeAsync("fetch", 0);

        await ProblemAssert.IsAsync(answer, 504, "deadline-exceeded");
    }

    [Theory]
    [InlineData("/huge?length=true")]
    [InlineData("/huge?length=false")]
    public async Task Get_HugeAnswer_IsCutOff(string path)
    {
        var (result, printed) = await FetchAsync("GET", _web.Url + path, more: "\"responseBytes\":100000");

        Assert.Equal(-3, result);
        Assert.Contains("more than 100000 bytes", printed[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_BodyBeyondTheLimit_IsNotSent()
    {
        var (result, _) = await FetchAsync("POST", _web.Url + "/echo", body: new string('a', 101), more: "\"requestBytes\":100");

        Assert.Equal(-3, result);
        Assert.Empty(_web.Requests);
    }

    [Theory]
    [InlineData("GET", 3, 200)]
    [InlineData("POST", 1, 503)]
    public async Task Send_HostThatIsAwayForAMoment_IsAskedAgainWhereThatIsSafe(string method, int requests, int status)
    {
        var (_, printed) = await FetchAsync(method, _web.Url + "/flaky?failures=2");

        using var head = JsonDocument.Parse(printed[0]);
        Assert.Equal(status, head.RootElement.GetProperty("status").GetInt32());
        Assert.Equal(requests, _web.Requests.Count);
    }

    [Fact]
    public async Task Send_ConnectionCut_FailsWithAText()
    {
        var (result, printed) = await FetchAsync("POST", _web.Url + "/cut");

        Assert.Equal(-6, result);
        Assert.StartsWith("-6 The request failed:", printed[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_HostThatFailsAlways_IsLeftAloneAndOthersAreNot()
    {
        var guest = await GuestAsync("GET", _web.Url + "/broken", "", "", ["127.0.0.1:*"], [], "", true, "");

        for (var i = 0; i < 20; i++)
            await guest.CallAsync("fetch", 0);

        Assert.Equal(-6, await guest.CallAsync("fetch", 0));
        Assert.Contains("left alone", (await guest.PrintedAsync())[^1], StringComparison.Ordinal);
        Assert.Equal(10, _web.Requests.Count);
        var (_, printed) = await FetchAsync("GET", _web.Url + "/weather?city=a");
        Assert.Contains("\"status\":200", printed[0], StringComparison.Ordinal);
    }

    [GeneratedRegex("\\{(port|other)\\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Placeholder();

    private string Fill(string text) => Placeholder().Replace(text, match => (match.Value == "{port}" ? _web : _other).Port.ToString(System.Globalization.CultureInfo.InvariantCulture));

    private async Task<(long Result, IReadOnlyList<string> Printed)> FetchAsync(
        string method,
        string url,
        string headers = "",
        string body = "",
        string[]? hosts = null,
        string[]? methods = null,
        string more = "",
        bool privateAddresses = true,
        int timeout = 0)
    {
        var guest = await GuestAsync(method, url, headers, body, hosts ?? ["127.0.0.1:*"], methods ?? ["GET", "POST", "PUT", "DELETE"], more, privateAddresses, "");
        var result = await guest.CallAsync("fetch", timeout);
        return (result, await guest.PrintedAsync());
    }

    private Task<HostGuest> GuestAsync(string method, string url, string headers, string body, string[] hosts, string[] methods, string more, bool privateAddresses, string rest)
    {
        var config = JsonSerializer.Serialize(new Dictionary<string, string> { ["method"] = method, ["url"] = url, ["headers"] = headers, ["body"] = body });
        var http = $"\"hosts\":{JsonSerializer.Serialize(hosts)},\"schemes\":[\"http\"],\"privateAddresses\":{(privateAddresses ? "true" : "false")}"
            + (methods.Length > 0 ? $",\"methods\":{JsonSerializer.Serialize(methods)}" : "") + (more.Length > 0 ? "," + more : "");

        return HostGuest.StartAsync(api, $",\"config\":{config}{rest}", $"\"kv\":true,\"call\":[\"other\"],\"http\":{{{http}}}");
    }
}
