using System.Security.Cryptography;
using System.Text;
using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using PluginHost.Plugins.Access;
using PluginHost.Plugins.Tests.Support;

namespace PluginHost.Plugins.Tests.Access;

public sealed class AccessKeysTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly ManualClock _clock = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Find_KeyThatWasMade_IsItsCallerAfterARestartToo()
    {
        MadeKey made;

        await using (var first = await StartAsync())
        {
            made = Make(first, "ci", "deploy", "calc");
            Assert.Same(Keys(first).Find(made.Secret), Keys(first).Find(made.Secret));
        }

        await using var second = await StartAsync();
        var caller = Keys(second).Find(made.Secret)!;

        Assert.Equal((made.Key.Id, "ci", Scope.Deploy, "calc"), (caller.Id, caller.Name, caller.Scopes, caller.Plugin));
        Assert.Equal(made.Key.Id, caller.FindFirst("sub")!.Value);
        Assert.NotNull(Assert.Single(Keys(second).List()).LastUsedAt);
    }

    [Fact]
    public async Task Create_Key_KeepsTheDigestAndNothingElseOfTheSecret()
    {
        await using var host = await StartAsync();
        var made = Make(host);
        var secret = made.Secret.Split('_')[2];
        await host.StopAsync();

        foreach (var file in Directory.GetFiles(_directory.Path, "catalog*"))
            Assert.True(Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file)).IndexOf(secret, StringComparison.Ordinal) < 0, file);

        using var connection = new SqliteConnection($"Data Source={Path.Combine(_directory.Path, "catalog.db")};Pooling=False");
        Assert.Equal(SHA256.HashData(Encoding.ASCII.GetBytes(secret)), connection.ExecuteScalar<byte[]>("select digest from api_keys"));
        Assert.DoesNotContain(secret, made.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Find_AnotherSecretOrForm_IsNobody()
    {
        await using var host = await StartAsync();
        var (made, other) = (Make(host).Secret, Make(host).Secret);
        var id = made[..17];

        foreach (var wrong in (string[])["", "phk_", id, $"{id}{other[17..]}", made[..^1], made + "A", made.ToUpperInvariant(), " " + made, made.Replace('_', '-'), made.Replace("phk", "pkh", StringComparison.Ordinal)])
            Assert.Null(Keys(host).Find(wrong));

        Assert.NotNull(Keys(host).Find(made));
    }

    [Fact]
    public async Task Revoke_Key_EndsItAtOnceAndForGood()
    {
        string secret;

        await using (var first = await StartAsync())
        {
            Make(first);
            var made = Make(first, "ci", "read");
            secret = made.Secret;
            Assert.NotNull(Keys(first).Find(secret));

            Assert.True(Keys(first).Revoke(made.Key.Id, needsAdministrator: true).Succeeded);

            Assert.Null(Keys(first).Find(secret));
            Assert.NotNull(Keys(first).List().Single(key => key.Id == made.Key.Id).RevokedAt);
            Assert.True(Keys(first).Revoke(made.Key.Id, needsAdministrator: true).Succeeded);
            Assert.Equal(FailureCode.KeyNotFound, Keys(first).Revoke("nobody", needsAdministrator: true).Failure!.Code);
        }

        await using var second = await StartAsync();
        Assert.Null(Keys(second).Find(secret));
    }

    [Fact]
    public async Task Find_KeyThatHasExpired_IsNobody()
    {
        await using var host = await StartAsync();
        var made = Keys(host).Create(new KeyRequest("short", ["admin"], ExpiresAt: _clock.GetUtcNow().AddHours(1)), needsAdministrator: true).Value!;
        Assert.NotNull(Keys(host).Find(made.Secret));

        _clock.Advance(TimeSpan.FromHours(1));

        Assert.Null(Keys(host).Find(made.Secret));
        Assert.True(Keys(host).Any);
    }

    [Fact]
    public async Task Create_FirstKeyThatMayNotMakeOthers_IsRefused()
    {
        await using var host = await StartAsync();

        Assert.Equal(FailureCode.LastAdminKey, Keys(host).Create(new KeyRequest("reader", ["read"]), needsAdministrator: true).Failure!.Code);
        Assert.Equal(FailureCode.LastAdminKey, Keys(host).Create(new KeyRequest("one", ["admin"], "calc"), needsAdministrator: true).Failure!.Code);
        Assert.False(Keys(host).Any);
        Assert.True(Keys(host).Create(new KeyRequest("reader", ["read"]), needsAdministrator: false).Succeeded);
    }

    [Fact]
    public async Task Revoke_LastAdministrator_IsRefusedUntilThereIsAnother()
    {
        await using var host = await StartAsync();
        var first = Make(host).Key.Id;

        Assert.Equal(FailureCode.LastAdminKey, Keys(host).Revoke(first, needsAdministrator: true).Failure!.Code);
        Make(host);
        Assert.True(Keys(host).Revoke(first, needsAdministrator: true).Succeeded);
    }

    [Fact]
    public async Task Create_MoreThanTheLimit_IsRefusedAndTheEndedAreForgotten()
    {
        await using var host = await StartAsync(("Limits:MaximumKeys", 2));
        Make(host);

        for (var i = 0; i < 5; i++)
            Assert.True(Keys(host).Revoke(Make(host).Key.Id, needsAdministrator: true).Succeeded);

        Make(host);

        Assert.Equal(FailureCode.CatalogFull, Keys(host).Create(new KeyRequest("more", ["read"]), needsAdministrator: true).Failure!.Code);
        Assert.InRange(Keys(host).List().Count, 3, 4);
    }

    [Theory]
    [InlineData("", "read", null, 0, 1, "/name")]
    [InlineData("a\nb", "read", null, 0, 1, "/name")]
    [InlineData("a", "", null, 0, 1, "/scopes")]
    [InlineData("a", "root", null, 0, 1, "/scopes")]
    [InlineData("a", "Admin", null, 0, 1, "/scopes")]
    [InlineData("a", "read", "No Name", 0, 1, "/plugin")]
    [InlineData("a", "read", null, -1, 1, "/expiresAt")]
    [InlineData("a", "read", null, 0, 0, "/requestsPerSecond")]
    public async Task Create_WhatContradictsTheRules_IsRefusedByPointer(string name, string scope, string? plugin, int expiresInDays, int rate, string pointer)
    {
        await using var host = await StartAsync();
        DateTimeOffset? expires = expiresInDays == 0 ? null : _clock.GetUtcNow().AddDays(expiresInDays);

        var failure = Keys(host).Create(new KeyRequest(name, [scope], plugin, expires, rate), needsAdministrator: false).Failure!;

        Assert.Equal(FailureCode.InvalidKey, failure.Code);
        Assert.Equal(pointer, Assert.Single(failure.Errors!).Key);
    }

    private static AccessKeys Keys(PluginHostFixture host) => host.Services.GetRequiredService<AccessKeys>();

    private static MadeKey Make(PluginHostFixture host, string name = "admin", string scope = "admin", string? plugin = null) =>
        Keys(host).Create(new KeyRequest(name, [scope], plugin), needsAdministrator: false).Value!;

    private Task<PluginHostFixture> StartAsync(params (string Setting, object Value)[] settings) => PluginHostFixture.StartAsync(_directory.Path, _clock, settings);
}
