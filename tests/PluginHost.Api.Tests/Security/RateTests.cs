using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PluginHost.Api.Security;
using PluginHost.Api.Tests.Support;
using PluginHost.Plugins;
using PluginHost.Plugins.Access;

namespace PluginHost.Api.Tests.Security;

/// <summary>How often callers may come.</summary>
public sealed class RateTests
{
    private const int Requests = 20;

    [Fact]
    public async Task Key_WithARate_IsHeldToItAndOthersAreNot()
    {
        using var api = ApiFixture.With(("PluginHost:ApiKey", "a key"));
        var keys = api.Services.GetRequiredService<AccessKeys>();
        var slow = keys.Create(new KeyRequest("slow", ["read"], RequestsPerSecond: 1, Burst: 3), needsAdministrator: false).Value!.Secret;
        var free = keys.Create(new KeyRequest("free", ["read"]), needsAdministrator: false).Value!.Secret;

        var limited = await SendAsync(api, slow);
        var others = await SendAsync(api, free);

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK], limited.Take(3).Select(answer => answer.StatusCode));
        Assert.All(others, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        var refused = limited.First(answer => answer.StatusCode != HttpStatusCode.OK);
        await ProblemAssert.IsAsync(refused, 429, "rate-limited");
        Assert.True(refused.Headers.RetryAfter!.Delta >= TimeSpan.FromSeconds(1));
        Assert.False(refused.Headers.Contains("WWW-Authenticate"));
    }

    [Fact]
    public async Task Server_WithARate_HoldsEveryKeyAndEveryAddressToIt()
    {
        using var api = ApiFixture.With(("PluginHost:ApiKey", "a key"), ("PluginHost:Limits:RequestsPerSecond", "1"), ("PluginHost:Limits:RequestBurst", "2"));
        var mine = api.Services.GetRequiredService<AccessKeys>().Create(new KeyRequest("mine", ["read"], RequestsPerSecond: 1_000), needsAdministrator: false).Value!.Secret;

        var configured = await SendAsync(api, "a key");
        var wrong = await SendAsync(api, "another");
        var own = await SendAsync(api, mine);
        using var probe = await api.Client.GetAsync(new Uri("/livez", UriKind.Relative));

        Assert.Contains(configured, answer => answer.StatusCode == HttpStatusCode.TooManyRequests);
        Assert.Equal(HttpStatusCode.Unauthorized, wrong[0].StatusCode);
        Assert.Contains(wrong, answer => answer.StatusCode == HttpStatusCode.TooManyRequests);
        Assert.All(own, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.Equal(HttpStatusCode.OK, probe.StatusCode);
    }

    [Fact]
    public void Wait_MoreAddressesThanAreCounted_KeepsABoundedNumber()
    {
        using var rates = new CallerRates(Options.Create(new PluginHostOptions { Limits = new PluginHostLimits { RequestsPerSecond = 1, RequestBurst = 1 } }));

        for (var i = 0; i < 3 * CallerRates.MaximumCounted; i++)
            rates.Wait(null, new IPAddress([(byte)10, (byte)(i >> 16), (byte)(i >> 8), (byte)i]));

        Assert.InRange(rates.Counted, 1, CallerRates.MaximumCounted);
    }

    [Fact]
    public void Wait_AddressesOfOneNetworkOfIpv6_CountAsOne()
    {
        using var rates = new CallerRates(Options.Create(new PluginHostOptions { Limits = new PluginHostLimits { RequestsPerSecond = 1, RequestBurst = 1 } }));

        Assert.Null(rates.Wait(null, IPAddress.Parse("2001:db8:0:1::1")));
        Assert.NotNull(rates.Wait(null, IPAddress.Parse("2001:db8:0:1:ffff::2")));
        Assert.Null(rates.Wait(null, IPAddress.Parse("2001:db8:0:2::1")));
        Assert.Null(rates.Wait(null, IPAddress.Parse("::ffff:10.0.0.1")));
        Assert.NotNull(rates.Wait(null, IPAddress.Parse("10.0.0.1")));
    }

    private static async Task<List<HttpResponseMessage>> SendAsync(ApiFixture api, string key)
    {
        var answers = new List<HttpResponseMessage>();

        for (var i = 0; i < Requests; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/v1/plugins", UriKind.Relative));
            request.Headers.Authorization = new("Bearer", key);
            answers.Add(await api.Client.SendAsync(request));
        }

        return answers;
    }
}
