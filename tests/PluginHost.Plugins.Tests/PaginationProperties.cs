using System.Buffers.Text;
using System.Text;
using FsCheck.Xunit;
using PluginHost.Plugins.Tests.Support;

namespace PluginHost.Plugins.Tests;

/// <summary>Pages put together are the whole, however large they are and whatever changes between them.</summary>
[Properties(Replay = PropertySeed.Fixed, MaxTest = 60, QuietOnSuccess = true)]
public sealed class PaginationProperties : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private PluginHostFixture _host = null!;

    public async Task InitializeAsync() => _host = await PluginHostFixture.StartAsync(_directory.Path);

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        _directory.Dispose();
    }

    [Property]
    public async Task List_AnyPluginsInAnyPages_GivesTheSortedWhole(ushort[] seeds, byte pageSize)
    {
        var names = await FillAsync(seeds);

        var (pages, listed) = await WalkAsync(() => 1 + (pageSize % 40), _ => Task.CompletedTask);

        Assert.Equal(names.Order(StringComparer.Ordinal), listed);
        Assert.Equal(Math.Max(1, (names.Count + (pageSize % 40)) / (1 + (pageSize % 40))), pages);
    }

    [Property]
    public async Task List_PluginsComeAndGoBetweenPages_GivesThoseThatStayedExactlyOnce(ushort[] seeds, ushort[] changes, byte[] sizes)
    {
        var present = await FillAsync(seeds);
        var stayed = present.ToHashSet(StringComparer.Ordinal);
        var everThere = present.ToHashSet(StringComparer.Ordinal);
        var (change, size) = (0, 0);

        var (_, listed) = await WalkAsync(() => sizes.Length == 0 ? 2 : 1 + (sizes[size++ % sizes.Length] % 5), async _ =>
        {
            for (var i = 0; i < 2 && change < changes.Length; i++)
            {
                var name = changes[change] % 2 == 0 && present.Count > 0 ? present.ElementAt(changes[change] % present.Count) : Name(changes[change]);
                change++;

                if (present.Remove(name))
                {
                    stayed.Remove(name);
                    await _host.Plugins.DeleteAsync(name, null, CancellationToken.None);
                }
                else
                {
                    present.Add(name);
                    everThere.Add(name);
                    await _host.Plugins.PutAsync(name, PluginConfiguration.Default, null, false, CancellationToken.None);
                }
            }
        });

        // Strictly ascending is sorted, and nothing twice.
        Assert.All(listed.Zip(listed.Skip(1)), pair => Assert.True(string.CompareOrdinal(pair.First, pair.Second) < 0));
        Assert.Subset(everThere, listed.ToHashSet(StringComparer.Ordinal));
        Assert.Superset(stayed, listed.ToHashSet(StringComparer.Ordinal));
    }

    [Property(MaxTest = 1_000)]
    public void List_AnyToken_IsAPageOrRefused(string? text, byte[] bytes, int pageSize)
    {
        string?[] tokens = [text, Convert.ToBase64String(bytes), Base64Url.EncodeToString(bytes), Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text ?? "")), text + "=", "=" + text];

        foreach (var token in tokens)
        {
            var page = _host.Plugins.List(pageSize, token);
            var isName = !string.IsNullOrEmpty(token) && Base64Url.IsValid(token) && PluginName.IsValid(Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token)));

            Assert.Equal(
                !string.IsNullOrEmpty(token) && !isName ? FailureCode.InvalidPageToken : pageSize < 1 ? FailureCode.InvalidPageSize : null as FailureCode?,
                page.Failure?.Code);
        }
    }

    // Short names of few letters collide, and are each other's beginnings.
    private static string Name(ushort seed)
    {
        const string Letters = "ab-0";
        var name = new StringBuilder("p");

        for (var rest = seed / 2 % 400; rest > 0; rest /= Letters.Length)
            name.Append(Letters[rest % Letters.Length]);

        return name.ToString();
    }

    private async Task<HashSet<string>> FillAsync(ushort[] seeds)
    {
        foreach (var plugin in _host.Plugins.List(1_000, null).Value!.Plugins)
            await _host.Plugins.DeleteAsync(plugin.Name, null, CancellationToken.None);

        var names = seeds.Select(Name).ToHashSet(StringComparer.Ordinal);

        foreach (var name in names)
            await _host.Plugins.PutAsync(name, PluginConfiguration.Default, null, false, CancellationToken.None);

        return names;
    }

    private async Task<(int Pages, List<string> Names)> WalkAsync(Func<int> size, Func<int, Task> between)
    {
        var names = new List<string>();
        var pages = 0;
        string? token = null;

        do
        {
            var page = _host.Plugins.List(size(), token).Value!;
            names.AddRange(page.Plugins.Select(plugin => plugin.Name));
            token = page.NextPageToken;
            await between(++pages);
        }
        while (token is not null);

        return (pages, names);
    }
}
