using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.DependencyInjection;
using PluginHost.Api.Security;
using PluginHost.Api.Tests.Support;
using PluginHost.Api.WebConsole;
using PluginHost.Plugins.Access;

namespace PluginHost.Api.Tests.Security;

/// <summary>Every operation of the document, by who asks for it.</summary>
public sealed class AccessWalkTests : IDisposable
{
    private const string Key = "the configured key";

    private readonly ApiFixture _api = ApiFixture.With(("PluginHost:ApiKey", Key));

    [Fact]
    public async Task Document_EveryOperation_IsClosedToWhoHasNoKey()
    {
        var walked = 0;

        foreach (var operation in await ReadAsync())
        {
            using var none = await operation.SendAsync(_api.Client, null);
            using var wrong = await operation.SendAsync(_api.Client, "another key");
            using var right = await operation.SendAsync(_api.Client, Key);

            Assert.True(operation.Scope is null == none.StatusCode is not HttpStatusCode.Unauthorized, $"{operation} without a key: {none.StatusCode}");
            Assert.True(operation.Scope is null == wrong.StatusCode is not HttpStatusCode.Unauthorized, $"{operation} with a wrong key: {wrong.StatusCode}");
            Assert.True(right.StatusCode is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden), $"{operation} with the key: {right.StatusCode}");

            if (operation.Scope is null)
                continue;

            walked++;
            Assert.Equal("Bearer", none.Headers.WwwAuthenticate.ToString());
            Assert.Equal("Bearer error=\"invalid_token\"", wrong.Headers.WwwAuthenticate.ToString());
            await CheckAsync(operation, none);
            await CheckAsync(operation, wrong);
        }

        Assert.True(walked > 15, $"{walked} operations");
    }

    [Theory]
    [InlineData("read")]
    [InlineData("invoke")]
    [InlineData("deploy")]
    [InlineData("admin")]
    public async Task Document_EveryOperation_IsOpenToWhoHasItsScopeAndToNobodyElse(string scope)
    {
        var (all, one, another) = (Make(scope, null), Make(scope, "calc"), Make(scope, "other"));
        Assert.True(Scopes.TryParse(scope, out var granted));

        foreach (var operation in (await ReadAsync()).Where(operation => operation.Scope is not null))
        {
            Assert.True(Scopes.TryParse(operation.Scope, out var needed));
            using var forAll = await operation.SendAsync(_api.Client, all);
            using var forOne = await operation.SendAsync(_api.Client, one);
            using var forAnother = await operation.SendAsync(_api.Client, another);

            if (!granted.Include(needed))
            {
                Assert.Contains("403", operation.Statuses);
                Assert.Equal($"Bearer error=\"insufficient_scope\", scope=\"{operation.Scope}\"", forAll.Headers.WwwAuthenticate.ToString());

                foreach (var answer in (HttpResponseMessage[])[forAll, forOne, forAnother])
                {
                    Assert.True(answer.StatusCode == HttpStatusCode.Forbidden, $"{operation} with {scope}: {answer.StatusCode}");

                    if (operation.Method != HttpMethod.Head)
                        Assert.Equal(operation.Scope, (await ProblemAssert.IsAsync(answer, 403, "forbidden")).GetProperty("scope").GetString());
                }

                continue;
            }

            Assert.True(forAll.StatusCode is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden), $"{operation} with {scope}: {forAll.StatusCode}");

            if (operation.Template.Contains("{plugin}", StringComparison.Ordinal))
            {
                Assert.True(forOne.StatusCode is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden), $"{operation} with {scope} for calc: {forOne.StatusCode}");
                Assert.True(forAnother.StatusCode is HttpStatusCode.Forbidden, $"{operation} with {scope} for another: {forAnother.StatusCode}");
            }
            else
            {
                Assert.Equal(forOne.StatusCode is HttpStatusCode.Forbidden, forAnother.StatusCode is HttpStatusCode.Forbidden);
            }
        }
    }

    [Fact]
    public void Endpoints_All_AskForAScopeOrAreProbes()
    {
        var open = _api.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<RequiredScope>() is null && endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is null && endpoint.Metadata.GetMetadata<ConsolePage>() is null)
            // The static files once more, where they are served from the source: in Development only.
            .Where(endpoint => endpoint.RoutePattern.RawText != "{**path:file}")
            .ToList();

        Assert.Equal("/livez /readyz", string.Join(' ', open.Select(endpoint => endpoint.RoutePattern.RawText).Order(StringComparer.Ordinal)));
        Assert.All(open, endpoint => Assert.NotNull(endpoint.Metadata.GetMetadata<IAllowAnonymous>()));
    }

    [Fact]
    public void ConsolePages_All_AskForASignInButTheSignIn()
    {
        var pages = _api.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>().Where(endpoint => endpoint.Metadata.GetMetadata<ConsolePage>() is not null).ToList();

        Assert.Contains(pages, page => page.RoutePattern.RawText == "/");
        Assert.Contains(pages, page => page.RoutePattern.RawText!.Contains("_blazor", StringComparison.Ordinal));
        Assert.All(pages, page => Assert.Null(page.Metadata.GetMetadata<IAllowAnonymous>()));
        Assert.Equal(
            "/console/sign-in /console/sign-out /sign-in",
            string.Join(' ', pages.Where(page => page.Metadata.GetMetadata<ConsolePage>()!.IsOpen).Select(page => page.RoutePattern.RawText).Distinct().Order(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData("GET", "/")]
    [InlineData("GET", "/plugins/calc")]
    [InlineData("GET", "/keys")]
    [InlineData("GET", "/_blazor")]
    [InlineData("POST", "/_blazor/negotiate")]
    [InlineData("GET", "/openapi/v1.json")]
    [InlineData("GET", "/OpenAPI/V1.json")]
    [InlineData("GET", "/swagger")]
    [InlineData("GET", "/swagger/index.html")]
    [InlineData("GET", "/SWAGGER/index.js")]
    [InlineData("HEAD", "/swagger/index.html")]
    [InlineData("GET", "/swagger/swagger-ui.css")]
    [InlineData("GET", "/metrics")]
    [InlineData("GET", "/metrics/")]
    [InlineData("HEAD", "/metrics")]
    [InlineData("OPTIONS", "/metrics")]
    [InlineData("OPTIONS", "/v1/plugins")]
    [InlineData("TRACE", "/v1/plugins")]
    [InlineData("GET", "/V1/PLUGINS")]
    [InlineData("GET", "//v1/plugins")]
    [InlineData("GET", "/v1/plugins/%2e%2e/plugins")]
    [InlineData("GET", "/livez/../v1/plugins")]
    [InlineData("GET", "/livez%2f..%2fv1/plugins")]
    [InlineData("GET", "/nothing")]
    public async Task Address_WithoutAKey_IsClosed(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(_api.Client.BaseAddress + path.TrimStart('/'), new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));

        using var answer = await _api.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Theory]
    [InlineData("Bearer the configured key", "Bearer the configured key")]
    [InlineData("Bearer the configured key", "Bearer another")]
    [InlineData("Basic eDp5", "Bearer the configured key")]
    public async Task Authorization_Twice_IsNoKey(string first, string second)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/v1/plugins", UriKind.Relative));
        request.Headers.TryAddWithoutValidation("Authorization", [first, second]);

        using var answer = await _api.Client.SendAsync(request);

        await ProblemAssert.IsAsync(answer, 401, "unauthenticated");
    }

    public void Dispose() => _api.Dispose();

    private string Make(string scope, string? plugin)
    {
        var made = _api.Services.GetRequiredService<AccessKeys>().Create(new KeyRequest(scope, [scope], plugin), needsAdministrator: false);
        Assert.True(made.Succeeded);
        return made.Value.Secret;
    }

    /// <summary>What was answered is what the document says can be.</summary>
    private static async Task CheckAsync(DocumentOperation operation, HttpResponseMessage answer)
    {
        Assert.Contains(((int)answer.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture), operation.Statuses);

        if (operation.Method != HttpMethod.Head)
            await ProblemAssert.IsAsync(answer, 401, "unauthenticated");
    }

    private async Task<List<DocumentOperation>> ReadAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/openapi/v1.json", UriKind.Relative));
        request.Headers.Authorization = new("Bearer", Key);
        using var answer = await _api.Client.SendAsync(request);
        using var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return DocumentOperation.All(document);
    }
}
