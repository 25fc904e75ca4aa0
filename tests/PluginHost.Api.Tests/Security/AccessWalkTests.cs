using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using PluginHost.Api.Security;
using PluginHost.Api.Tests.Support;

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

    [Fact]
    public void Endpoints_All_AskForAScopeOrAreProbes()
    {
        var open = _api.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<RequiredScope>() is null)
            .ToList();

        Assert.Equal("/livez /readyz", string.Join(' ', open.Select(endpoint => endpoint.RoutePattern.RawText).Order(StringComparer.Ordinal)));
        Assert.All(open, endpoint => Assert.NotNull(endpoint.Metadata.GetMetadata<IAllowAnonymous>()));
    }

    [Theory]
    [InlineData("GET", "/")]
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
