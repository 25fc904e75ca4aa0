using Dapper;
using Microsoft.Extensions.DependencyInjection;
using PluginHost.Plugins.Auditing;
using PluginHost.Plugins.Catalog;
using PluginHost.Plugins.Tests.Support;

namespace PluginHost.Plugins.Tests.Auditing;

public sealed class AuditLogTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly ManualClock _clock = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Write_ChangeThatFails_LeavesNeitherTheChangeNorItsEntry()
    {
        await using var host = await StartAsync();
        Begin(host, "PUT");

        Assert.Throws<InvalidOperationException>(() => Catalog(host).Write((connection, transaction) =>
        {
            connection.Execute("insert into plugins values ('half', '{}', 1, 1, 0, 0)", transaction: transaction);
            throw new InvalidOperationException("The power fails.");
        }));

        Assert.Empty(Read(host));
        Assert.Empty(Catalog(host).ReadAll());
    }

    [Fact]
    public async Task Write_ChangeNobodyAskedFor_LeavesNoEntry()
    {
        await using var host = await StartAsync();

        Catalog(host).Insert(Plugin.New("own", PluginConfiguration.Default, default));

        Assert.Empty(Read(host));
    }

    [Fact]
    public async Task Begin_InAnotherFlow_IsNotThisOnes()
    {
        await using var host = await StartAsync();
        await BeginAsync();

        Catalog(host).Insert(Plugin.New("own", PluginConfiguration.Default, default));

        Assert.Empty(Read(host));

        async Task BeginAsync()
        {
            Begin(host, "PUT");
            await Task.Yield();
        }
    }

    [Fact]
    public async Task Trim_TooManyAndTooOld_ForgetsTheOldestOfEachKind()
    {
        await using var host = await StartAsync(("Limits:AuditRows", 100), ("Limits:AuditDays", 1));
        var (log, table) = (Log(host), host.Services.GetRequiredService<AuditTable>());

        for (var i = 0; i < 150; i++)
            table.Insert(Begin(host, $"change {i}"), "done");

        for (var i = 0; i < 150; i++)
            table.Insert(Begin(host, $"attempt {i}"), "forbidden");

        _clock.Advance(TimeSpan.FromMinutes(2));
        log.Trim();
        var entries = Read(host);

        Assert.Equal(100, entries.Count(entry => entry.Result == "done"));
        Assert.Equal(25, entries.Count(entry => entry.Result == "forbidden"));
        Assert.Equal("attempt 149", entries[0].Action);
        Assert.Equal("change 50", entries[^1].Action);

        _clock.Advance(TimeSpan.FromDays(1));
        log.Trim();
        Assert.Empty(Read(host));
    }

    [Fact]
    public async Task End_TextsWithoutEnd_AreCut()
    {
        await using var host = await StartAsync();

        Log(host).End(Log(host).Begin("a", new string('n', 10_000), "::1", "PUT", new string('/', 100_000), "calc"), "forbidden", isLimited: true);

        var entry = Assert.Single(Read(host));
        Assert.InRange(entry.Path.Length, 1, 256);
        Assert.InRange(entry.CallerName.Length, 1, 256);
    }

    private static AuditDraft Begin(PluginHostFixture host, string action) => Log(host).Begin("caller", "name", "::1", action, "/", "calc");

    private static AuditLog Log(PluginHostFixture host) => host.Services.GetRequiredService<AuditLog>();

    private static PluginCatalog Catalog(PluginHostFixture host) => host.Services.GetRequiredService<PluginCatalog>();

    private static IReadOnlyList<AuditEntry> Read(PluginHostFixture host) => Log(host).Read(1_000, null).Value!.Items;

    private Task<PluginHostFixture> StartAsync(params (string Setting, object Value)[] settings) => PluginHostFixture.StartAsync(_directory.Path, _clock, settings);
}
