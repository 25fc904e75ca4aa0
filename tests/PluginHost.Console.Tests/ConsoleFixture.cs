using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;

namespace PluginHost.Console.Tests;

/// <summary>A server as a process of its own that asks for keys, with plugins, and a browser.</summary>
public sealed class ConsoleFixture : IAsyncLifetime, IDisposable
{
    public const string Chromium = "/usr/bin/chromium";

    /// <summary>The administrator's.</summary>
    public const string Key = "a key for the tests of the console";

    private readonly TemporaryDirectory _folder = new();
    private ServerProcess? _server;
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public HttpClient Client { get; } = new() { Timeout = TimeSpan.FromMinutes(1) };

    public string Address { get; } = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{LoopbackPort.Free()}");

    public async Task InitializeAsync()
    {
        if (!File.Exists(Chromium))
            return;

        _server = ServerProcess.Start(["--PluginHost:DataDirectory", _folder.Path, "--urls", Address, "--PluginHost:ApiKey", Key]);
        Client.BaseAddress = new Uri(Address);
        await _server.WaitUntilReadyAsync(Client);
        Client.DefaultRequestHeaders.Authorization = new("Bearer", Key);

        foreach (var sample in (string[])["calc", "greeter", "faults", "counter"])
            await UploadAsync(sample, Repository.Sample(sample));

        // As root Chromium starts without its sandbox only.
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Chromium, Args = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"] });
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();

        _playwright?.Dispose();
        _server?.Terminate();
    }

    public void Dispose()
    {
        _server?.Dispose();
        Client.Dispose();
        _folder.Dispose();
    }

    public async Task UploadAsync(string plugin, byte[] module, bool activate = true)
    {
        var manifest = Path.Combine(Repository.Root, "plugins", plugin, "plugin.json");
        using var form = new MultipartFormDataContent { { new ByteArrayContent(module), "file", "plugin.wasm" } };

        if (File.Exists(manifest))
            form.Add(new StringContent(await File.ReadAllTextAsync(manifest)), "manifest");

        using var answer = await Client.PostAsync(new Uri($"/v1/plugins/{plugin}/versions?activate={(activate ? "true" : "false")}", UriKind.Relative), form);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Makes a key.</summary>
    /// <returns>Its id and what clients send.</returns>
    public async Task<(string Id, string Secret)> MakeKeyAsync(string? plugin, params string[] scopes)
    {
        using var answer = await Client.PostAsJsonAsync(new Uri("/v1/keys", UriKind.Relative), new { name = "test", scopes, plugin });
        using var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return (document.RootElement.GetProperty("key").GetProperty("id").GetString()!, document.RootElement.GetProperty("secret").GetString()!);
    }

    /// <summary>A page of a browser of its own, without cookies. What its scripts and its policy complain of fails the test that disposes it.</summary>
    internal async Task<ConsoleTab> OpenAsync(string? key = Key, int width = 1280, ColorScheme scheme = ColorScheme.Light)
    {
        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions { BaseURL = Address, ViewportSize = new ViewportSize { Width = width, Height = width < 600 ? 844 : 800 }, ColorScheme = scheme, HasTouch = width < 600 });
        var tab = new ConsoleTab(context, await context.NewPageAsync());

        if (key is not null)
            await tab.SignInAsync(key);

        return tab;
    }
}
