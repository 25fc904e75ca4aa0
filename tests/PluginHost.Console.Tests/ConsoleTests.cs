using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace PluginHost.Console.Tests;

/// <summary>The console as somebody uses it: a real server, a real Chromium.</summary>
public sealed class ConsoleTests(ConsoleFixture fixture) : IClassFixture<ConsoleFixture>
{
    [ChromiumFact]
    public async Task SignIn_KeyIsNone_IsSaidAndNothingIsShown()
    {
        await using var tab = await fixture.OpenAsync("no key of this server's");

        await Expect(tab.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("no key of this server's");
        await tab.Page.GotoAsync("/plugins/calc");
        await Expect(tab.Page.GetByLabel("Key")).ToBeVisibleAsync();
        Assert.EndsWith("/sign-in", tab.Page.Url, StringComparison.Ordinal);
    }

    [ChromiumFact]
    public async Task SignIn_Cookie_IsOfNoUseElsewhere()
    {
        await using var tab = await fixture.OpenAsync();
        await tab.HeadingAsync("Plugins");
        var cookie = Assert.Single(await tab.Page.Context.CookiesAsync(), cookie => cookie.Name == "pluginhost-console");

        // A page of the same site has a browser send it along, and the API does not look at it.
        var status = await tab.Page.EvaluateAsync<int>("fetch('/v1/plugins').then(answer => answer.status)");

        Assert.Equal(401, status);
        Assert.True(cookie.HttpOnly);
        Assert.Equal(SameSiteAttribute.Strict, cookie.SameSite);
        Assert.DoesNotContain(ConsoleFixture.Key, Uri.UnescapeDataString(cookie.Value), StringComparison.Ordinal);
    }

    [ChromiumFact]
    public async Task SignOut_AndBack_ShowsNothing()
    {
        await using var tab = await fixture.OpenAsync();
        await tab.HeadingAsync("Plugins");

        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Expect(tab.Page.GetByLabel("Key")).ToBeVisibleAsync();
        await tab.Page.GotoAsync("/");

        await Expect(tab.Page.GetByLabel("Key")).ToBeVisibleAsync();
    }

    [ChromiumFact]
    public async Task Plugins_List_LeadsToEach()
    {
        await using var tab = await fixture.OpenAsync();

        await tab.Page.GetByRole(AriaRole.Link, new() { Name = "calc", Exact = true }).ClickAsync();

        await tab.HeadingAsync("calc");
        Assert.Empty(tab.Errors);
    }

    [ChromiumFact]
    public async Task Call_FormOfAnExport_ShowsTheAnswer()
    {
        await using var tab = await fixture.OpenAsync();
        await tab.GoAsync("/plugins/greeter", "greeter");

        await tab.Page.GetByLabel("name").FillAsync("<b>Gopher</b>");
        await tab.Page.GetByLabel("times").FillAsync("2");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Call", Exact = true }).ClickAsync();

        await Expect(tab.Page.Locator(".answer pre")).ToContainTextAsync("Hello, <b>Gopher</b>! Hello, <b>Gopher</b>!");
        await Expect(tab.Page.Locator(".answer p")).ToContainTextAsync("200, version 1");
        Assert.Equal(0, await tab.Page.Locator(".answer b").CountAsync());
    }

    [ChromiumFact]
    public async Task Call_ArgumentsAreWrongOrThePluginPanics_SaysWhatTheApiSays()
    {
        await using var tab = await fixture.OpenAsync();
        await tab.GoAsync("/plugins/greeter", "greeter");
        await tab.Page.GetByLabel("times").FillAsync("many");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Call", Exact = true }).ClickAsync();
        await Expect(tab.Page.Locator(".answer pre")).ToContainTextAsync("/args/1");

        await tab.GoAsync("/plugins/faults", "faults");
        await ChooseAsync(tab.Page, "Function", "panicText");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Call", Exact = true }).ClickAsync();
        await Expect(tab.Page.Locator(".answer pre")).ToContainTextAsync("panic:");

        await tab.Page.GetByRole(AriaRole.Tab, new() { Name = "Log" }).ClickAsync();
        await Expect(tab.Page.GetByRole(AriaRole.Log)).ToContainTextAsync("panic:");
    }

    [ChromiumFact]
    public async Task Log_Open_ShowsLinesAsTheyCome()
    {
        await using var tab = await fixture.OpenAsync();
        await tab.GoAsync("/plugins/faults", "faults");
        await tab.Page.GetByRole(AriaRole.Tab, new() { Name = "Log" }).ClickAsync();
        await Expect(tab.Page.GetByRole(AriaRole.Log)).ToBeVisibleAsync();

        using var call = await fixture.Client.PostAsync(new Uri("/v1/plugins/faults/exports/nilMap/invoke", UriKind.Relative), new StringContent("""{"args":[]}""", System.Text.Encoding.UTF8, "application/json"));

        await Expect(tab.Page.GetByRole(AriaRole.Log)).ToContainTextAsync("assignment to entry in nil map");
    }

    [ChromiumFact]
    public async Task Upload_FileAndManifest_ShowsItsReport()
    {
        var plugin = $"up-{Guid.NewGuid():n}"[..12];
        await using var tab = await fixture.OpenAsync();
        await tab.GoAsync("/upload", "Upload");
        await tab.Page.GetByLabel("Plugin", new() { Exact = true }).FillAsync(plugin);

        await tab.Page.Locator("input[type=file]").SetInputFilesAsync([Sample("greeter", "greeter.wasm"), Sample("greeter", "plugin.json")]);

        await Expect(tab.Page.GetByRole(AriaRole.Heading, new() { Name = $"Version 1 of {plugin}" })).ToBeVisibleAsync();
        await Expect(tab.Page.GetByText("greet(name string, times i32)")).ToBeVisibleAsync();
        var audit = await fixture.Client.GetStringAsync(new Uri($"/v1/audit?plugin={plugin}", UriKind.Relative));
        Assert.Contains("console: upload", audit, StringComparison.Ordinal);
        Assert.Contains("\"done\"", audit, StringComparison.Ordinal);
    }

    [ChromiumFact]
    public async Task Upload_DroppedFile_IsReceived()
    {
        await using var tab = await fixture.OpenAsync();
        await tab.GoAsync("/upload", "Upload");
        await tab.Page.GetByLabel("Plugin", new() { Exact = true }).FillAsync("dropped");
        var module = Convert.ToBase64String(ModuleBuilder.Add);
        var data = await tab.Page.EvaluateHandleAsync(
            """
            text => {
              const data = new DataTransfer();
              data.items.add(new File([Uint8Array.from(atob(text), character => character.charCodeAt(0))], 'add.wasm', { type: 'application/wasm' }));
              return data;
            }
            """,
            module);

        // What the browser does with a file that is dropped on an input.
        await tab.Page.EvaluateAsync("([data]) => { const input = document.querySelector('input[type=file]'); input.files = data.files; input.dispatchEvent(new Event('change', { bubbles: true })); }", new object[] { data });

        await Expect(tab.Page.GetByRole(AriaRole.Heading, new() { Name = "Version 1 of dropped" })).ToBeVisibleAsync();
    }

    [ChromiumFact]
    public async Task Upload_NoModule_SaysWhatIsWrong()
    {
        await using var tab = await fixture.OpenAsync();
        await tab.GoAsync("/upload", "Upload");

        await tab.Page.Locator("input[type=file]").SetInputFilesAsync(new FilePayload { Name = "broken.wasm", MimeType = "application/wasm", Buffer = "not wasm"u8.ToArray() });

        await Expect(tab.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("not a WebAssembly module");
        using var absent = await fixture.Client.GetAsync(new Uri("/v1/plugins/broken", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, absent.StatusCode);
    }

    [ChromiumFact]
    public async Task Aliases_SliderAndRollback_MoveLive()
    {
        await fixture.UploadAsync("counter", [.. Repository.Sample("counter"), 0, 2, 1, (byte)'x'], activate: false);
        await using var tab = await fixture.OpenAsync();
        await tab.GoAsync("/plugins/counter", "counter");
        await tab.Page.GetByRole(AriaRole.Tab, new() { Name = "Aliases" }).ClickAsync();

        await tab.Page.GetByRole(AriaRole.Slider).FillAsync("25");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Apply" }).ClickAsync();
        await Expect(tab.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("live points at 1 75 %, 2 25 %.");
        var split = await TargetsAsync("counter");

        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Roll live back" }).ClickAsync();
        await Expect(tab.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("live points at 1 again.");

        Assert.Equal([(1, 75), (2, 25)], split);
        Assert.Equal(1, Assert.Single(await TargetsAsync("counter")).Version);
    }

    [ChromiumFact]
    public async Task Aliases_SomebodyElseMovedIt_IsNotOverruled()
    {
        await fixture.UploadAsync("calc", [.. Repository.Sample("calc"), 0, 2, 1, (byte)'y'], activate: false);
        await using var tab = await fixture.OpenAsync();
        await tab.GoAsync("/plugins/calc", "calc");
        await tab.Page.GetByRole(AriaRole.Tab, new() { Name = "Aliases" }).ClickAsync();
        await tab.Page.GetByRole(AriaRole.Slider).FillAsync("50");

        using var move = new HttpRequestMessage(HttpMethod.Put, new Uri("/v1/plugins/calc/aliases/live", UriKind.Relative)) { Content = new StringContent("""{"targets":[{"version":2,"weight":1}]}""", System.Text.Encoding.UTF8, "application/json") };
        move.Headers.IfMatch.Add(EntityTagHeaderValue.Any);
        using var moved = await fixture.Client.SendAsync(move);
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Apply" }).ClickAsync();

        await Expect(tab.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("is not the one");
        Assert.Equal(2, Assert.Single(await TargetsAsync("calc")).Version);
    }

    [ChromiumFact]
    public async Task Keys_MadeAndRevoked_CountsAndCountsNoMore()
    {
        await using var tab = await fixture.OpenAsync();
        await tab.GoAsync("/keys", "Keys");
        var name = $"made here {Guid.NewGuid():n}"[..16];
        await tab.Page.GetByLabel("Name").FillAsync(name);
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Make the key" }).ClickAsync();
        var secret = await tab.Page.Locator(".secret").InnerTextAsync();

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(secret));
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = $"Revoke the key {name}" }).ClickAsync();
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Revoke", Exact = true }).ClickAsync();
        await Expect(tab.Page.GetByRole(AriaRole.Button, new() { Name = $"Revoke the key {name}" })).ToHaveCountAsync(0);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(secret));

        await tab.GoAsync("/audit", "Audit log");
        await Expect(tab.Page.GetByText($"console: make key {name}")).ToBeVisibleAsync();
    }

    [ChromiumFact]
    public async Task Page_KeyIsRevokedWhileItIsOpen_DoesNothingMore()
    {
        var (id, secret) = await fixture.MakeKeyAsync(null, "deploy", "invoke");
        await using var tab = await fixture.OpenAsync(secret);
        await tab.GoAsync("/plugins/greeter", "greeter");

        using var revoked = await fixture.Client.DeleteAsync(new Uri($"/v1/keys/{id}", UriKind.Relative));
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Call", Exact = true }).ClickAsync();

        await Expect(tab.Page.GetByRole(AriaRole.Alert).First).ToContainTextAsync("sign in again");
        Assert.Equal(0, await tab.Page.Locator(".answer").CountAsync());
        await tab.Page.ReloadAsync();
        await Expect(tab.Page.GetByLabel("Key")).ToBeVisibleAsync();
    }

    [ChromiumFact]
    public async Task Page_KeyOfOnePluginThatMayOnlyLook_SeesThatAndChangesNothing()
    {
        var (_, secret) = await fixture.MakeKeyAsync("greeter", "read");
        await using var tab = await fixture.OpenAsync(secret);
        await Expect(tab.Page.GetByRole(AriaRole.Link, new() { Name = "greeter", Exact = true })).ToBeVisibleAsync();

        Assert.Equal(0, await tab.Page.GetByRole(AriaRole.Link, new() { Name = "calc", Exact = true }).CountAsync());
        await tab.GoAsync("/plugins/faults", "faults");
        await Expect(tab.Page.GetByRole(AriaRole.Alert).First).ToContainTextAsync("for the plugin 'greeter' only");
        await tab.GoAsync("/plugins/greeter", "greeter");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Call", Exact = true }).ClickAsync();
        await Expect(tab.Page.GetByRole(AriaRole.Alert).First).ToContainTextAsync("scope 'invoke'");
        await tab.GoAsync("/keys", "Keys");
        await Expect(tab.Page.GetByRole(AriaRole.Alert).First).ToContainTextAsync("scope 'admin'");
    }

    [ChromiumFact]
    public async Task Theme_Button_SwitchesAndIsKept()
    {
        await using var tab = await fixture.OpenAsync(scheme: ColorScheme.Light);
        await tab.HeadingAsync("Plugins");
        var light = await BackgroundAsync(tab.Page);

        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Switch between light and dark" }).ClickAsync();
        var dark = await BackgroundAsync(tab.Page);
        await tab.Page.ReloadAsync();
        await tab.HeadingAsync("Plugins");

        Assert.NotEqual(light, dark);
        Assert.Equal(dark, await BackgroundAsync(tab.Page));
    }

    [ChromiumFact]
    public async Task Keyboard_Only_SignsInAndCalls()
    {
        await using var tab = await fixture.OpenAsync(key: null);
        await tab.Page.GotoAsync("/");
        await tab.Page.Keyboard.TypeAsync(ConsoleFixture.Key);
        await tab.Page.Keyboard.PressAsync("Enter");
        await tab.HeadingAsync("Plugins");
        await TabToAsync(tab.Page, "greeter");
        await tab.Page.Keyboard.PressAsync("Enter");
        await tab.HeadingAsync("greeter");
        await TabToAsync(tab.Page, "Call", exceptRole: "tab");
        await tab.Page.Keyboard.PressAsync("Enter");

        await Expect(tab.Page.Locator(".answer p")).ToContainTextAsync("200");
    }

    [ChromiumFact]
    public async Task Pages_All_HaveNoAccessibilityViolationsAndFitAPhone()
    {
        foreach (var (width, scheme) in ((int, ColorScheme)[])[(1280, ColorScheme.Light), (1280, ColorScheme.Dark), (390, ColorScheme.Light)])
        {
            await using var tab = await fixture.OpenAsync(width: width, scheme: scheme);
            await tab.HeadingAsync("Plugins");

            foreach (var (path, heading, item) in ((string, string, string?)[])[("/", "Plugins", null), ("/upload", "Upload", null), ("/keys", "Keys", null), ("/audit", "Audit log", null),
                ("/plugins/greeter", "greeter", "Call"), ("/plugins/greeter", "greeter", "Versions"), ("/plugins/greeter", "greeter", "Aliases"), ("/plugins/greeter", "greeter", "Charts"), ("/plugins/faults", "faults", "Log")])
            {
                await tab.GoAsync(path, heading);

                if (item is not null)
                    await tab.Page.GetByRole(AriaRole.Tab, new() { Name = item }).ClickAsync();

                await tab.Page.WaitForTimeoutAsync(300);
                var violations = (await tab.Page.RunAxe(new AxeRunOptions { RunOnly = new RunOnlyOptions { Type = "tag", Values = ["wcag2a", "wcag2aa"] } })).Violations;
                var overflow = await tab.Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");

                Assert.True(violations.Length == 0, $"{path} {item} {width} {scheme}: {string.Join("; ", violations.Select(violation => $"{violation.Id} {string.Join(" | ", violation.Nodes.Take(3).Select(node => node.Html))}"))}");
                Assert.True(overflow <= 0, $"{path} {item} is {overflow} pixels wider than a screen of {width}");
            }

            Assert.Empty(tab.Errors);
        }
    }

    private static string Sample(string plugin, string file) => Path.Combine(Repository.Root, "plugins", plugin, file);

    private static Task<string> BackgroundAsync(IPage page) => page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");

    private static async Task ChooseAsync(IPage page, string dropDown, string item)
    {
        await page.GetByLabel(dropDown).First.ClickAsync();
        var filter = page.Locator(".rz-dropdown-filter:visible");

        if (await filter.CountAsync() > 0)
            await filter.FillAsync(item);

        await page.GetByRole(AriaRole.Option, new() { Name = item, Exact = true }).ClickAsync();
    }

    /// <summary>Presses the tab key until something of that text has the focus.</summary>
    private static async Task TabToAsync(IPage page, string text, string? exceptRole = null)
    {
        for (var presses = 0; presses < 60; presses++)
        {
            await page.Keyboard.PressAsync("Tab");

            if (await page.EvaluateAsync<bool>("([text, role]) => document.activeElement?.innerText?.trim() === text && document.activeElement.getAttribute('role') !== role", new object?[] { text, exceptRole ?? "none" }))
                return;
        }

        Assert.Fail($"The tab key does not lead to '{text}'.");
    }

    private async Task<HttpStatusCode> StatusAsync(string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/v1/plugins", UriKind.Relative));
        request.Headers.Authorization = new("Bearer", key);
        using var answer = await fixture.Client.SendAsync(request);
        return answer.StatusCode;
    }

    private async Task<IReadOnlyList<(int Version, int Weight)>> TargetsAsync(string plugin)
    {
        using var alias = JsonDocument.Parse(await fixture.Client.GetStringAsync(new Uri($"/v1/plugins/{plugin}/aliases/live", UriKind.Relative)));
        return [.. alias.RootElement.GetProperty("targets").EnumerateArray().Select(target => (target.GetProperty("version").GetInt32(), target.GetProperty("weight").GetInt32()))];
    }
}
