using System.Text.Json;
using PluginHost.Api.Tests.RichTypes;
using PluginHost.Api.Tests.Support;

namespace PluginHost.Api.Tests.OpenApi;

/// <summary>A plugin's document is enough to make a client that calls it with types.</summary>
public sealed class PluginClientTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Client_MadeOfAPluginsDocument_CallsItsExportWithNamedArguments()
    {
        using var upload = await api.UploadAsync("client-bytes", GuestUpload.Guest("bytes"), GuestUpload.BytesManifest);
        var client = await GeneratedClient.MakeAsync(await api.Client.GetStringAsync(new Uri("/v1/plugins/client-bytes/openapi.json", UriKind.Relative)), api.Client);

        // Typed from end to end: the request's members are the manifest's names.
        var request = JsonSerializer.Deserialize("""{"args":{"minuend":10,"subtrahend":3}}""", client.Type("SubtractRequest"))!;
        var arguments = request.GetType().GetProperty("Args")!.GetValue(request)!;
        var answer = await client.CallAsync("Subtract", request);

        Assert.Equal((10, 3), ((int)arguments.GetType().GetProperty("Minuend")!.GetValue(arguments)!, (int)arguments.GetType().GetProperty("Subtrahend")!.GetValue(arguments)!));
        Assert.Equal([7], (IEnumerable<int>)answer!.GetType().GetProperty("Results")!.GetValue(answer)!);
    }

    [Fact]
    public async Task Client_MadeOfTheSamplesDocument_CallsItsJsonHandler()
    {
        var manifest = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "plugins", "pricing", "plugin.json"));
        using var upload = await api.UploadAsync("client-pricing", Repository.Sample("pricing"), manifest);
        var client = await GeneratedClient.MakeAsync(await api.Client.GetStringAsync(new Uri("/v1/plugins/client-pricing/openapi.json", UriKind.Relative)), api.Client);

        var quote = await client.CallAsync("Price", JsonSerializer.Deserialize("""{"lines":[{"item":"pen","count":2}]}""", client.Type("PriceInput"))!);

        Assert.Equal("PriceOutput", quote!.GetType().Name);
        Assert.Equal(300L, quote.GetType().GetProperty("Total")!.GetValue(quote));
    }
}
