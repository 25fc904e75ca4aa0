using System.Net;
using System.Text;
using System.Text.Json;
using PluginHost.Api.Tests.Support;

namespace PluginHost.Api.Tests.RichTypes;

/// <summary>Uploads with manifests, and the guests that only these tests have.</summary>
internal static class GuestUpload
{
    /// <summary>What the guest "bytes" has, as its author would declare it.</summary>
    public const string BytesManifest =
        """
        {"manifest":1,"name":"bytes","doc":"For tests.","exports":[
          {"name":"length","doc":"length counts bytes.","parameters":[{"name":"text","type":"string"}],"result":{"type":"i32"}},
          {"name":"keep","parameters":[{"name":"text","type":"string"}]},
          {"name":"kept","result":{"type":"bytes"}},
          {"name":"clone","parameters":[{"name":"text","type":"string"}],"result":{"type":"i32"}},
          {"name":"cloned","parameters":[{"name":"index","type":"u32"}],"result":{"type":"string"}},
          {"name":"slice","parameters":[{"name":"text","type":"string"},{"name":"from","type":"u32"},{"name":"to","type":"u32"}],"result":{"type":"string"}},
          {"name":"upper","parameters":[{"name":"data","type":"bytes"}],"result":{"type":"bytes","contentType":"text/html; charset=utf-8"}},
          {"name":"join","parameters":[{"name":"a","type":"string"},{"name":"data","type":"bytes"},{"name":"number","type":"i32"},{"name":"c","type":"json"}],"result":{"type":"string"}},
          {"name":"addresses","parameters":[{"name":"a","type":"string"},{"name":"b","type":"string"}],"result":{"type":"u64"}},
          {"name":"churn","parameters":[{"name":"text","type":"string"}],"result":{"type":"string"}},
          {"name":"lie","parameters":[{"name":"bits","type":"u64"}],"result":{"type":"bytes"}},
          {"name":"fail","parameters":[{"name":"text","type":"string"}],"result":{"type":"bytes"}},
          {"name":"echo","parameters":[{"name":"value","type":"json","schema":{"type":"object","properties":{"size":{"$ref":"#/$defs/Size"}},"required":["size"],"$defs":{"Size":{"type":"integer","minimum":3}}}}],"result":{"type":"json"}},
          {"name":"repeat","parameters":[{"name":"text","type":"string"},{"name":"times","type":"i32"}],"result":{"type":"string"}},
          {"name":"not","parameters":[{"name":"b","type":"bool"}],"result":{"type":"bool"}},
          {"name":"same32","parameters":[{"name":"n","type":"u32"}],"result":{"type":"u32"}},
          {"name":"same64","parameters":[{"name":"n","type":"u64"}],"result":{"type":"u64"}},
          {"name":"subtract","parameters":[{"name":"minuend","type":"i32"},{"name":"subtrahend","type":"i32"}],"result":{"type":"i32"}}]}
        """;

    public static byte[] Guest(string name) => File.ReadAllBytes(Path.Combine(Repository.Root, "tests", "PluginHost.Api.Tests", "Guests", name, name + ".wasm"));

    /// <summary>Uploads a form; the manifest stands before the file or behind it.</summary>
    public static async Task<HttpResponseMessage> UploadAsync(this ApiFixture api, string plugin, byte[] module, string manifest, bool manifestFirst = false)
    {
        using var form = new MultipartFormDataContent();

        if (manifestFirst)
            form.Add(new StringContent(manifest, Encoding.UTF8), "manifest");

        form.Add(new ByteArrayContent(module), "file", "plugin.wasm");

        if (!manifestFirst)
            form.Add(new StringContent(manifest, Encoding.UTF8), "manifest");

        return await api.Client.PostAsync(new Uri($"/v1/plugins/{plugin}/versions", UriKind.Relative), form);
    }

    /// <summary>Calls with a whole body.</summary>
    public static async Task<HttpResponseMessage> HandleAsync(this ApiFixture api, string plugin, string export, byte[] body, string contentType = "application/octet-stream")
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse(contentType);
        return await api.Client.PostAsync(new Uri($"/v1/plugins/{plugin}/exports/{export}/handle", UriKind.Relative), content);
    }

    /// <summary>The one result of a call that succeeds.</summary>
    public static async Task<JsonElement> ResultAsync(this ApiFixture api, string plugin, string export, string arguments)
    {
        using var answer = await api.InvokeAsync(plugin, export, $"{{\"args\":{arguments}}}");
        var body = await answer.Content.ReadAsStringAsync();

        Assert.True(answer.StatusCode == HttpStatusCode.OK, body);
        using var document = JsonDocument.Parse(body);
        return document.RootElement.GetProperty("results").EnumerateArray().Single().Clone();
    }

    public static async Task<JsonElement> JsonAsync(this ApiFixture api, string path)
    {
        using var document = JsonDocument.Parse(await api.Client.GetStringAsync(new Uri(path, UriKind.Relative)));
        return document.RootElement.Clone();
    }
}
