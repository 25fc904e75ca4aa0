using System.Text;
using Microsoft.AspNetCore.Mvc.Testing;

namespace PluginHost.Api.Tests.Support;

/// <summary>The server itself on a port of this machine, with a data directory of its own.</summary>
public sealed class ApiFixture : IDisposable
{
    // Both are held: the first disposes the second when it is collected.
    private readonly WebApplicationFactory<Program> _origin = new();
    private readonly WebApplicationFactory<Program> _factory;
    private readonly string _data = Directory.CreateTempSubdirectory("pluginhost-api-").FullName;

    public ApiFixture()
        : this([])
    {
    }

    private ApiFixture((string Key, string Value)[] settings)
    {
        _factory = _origin.WithWebHostBuilder(host =>
        {
            host.UseSetting("urls", "http://127.0.0.1:0");
            host.UseSetting("PluginHost:DataDirectory", _data);
            host.UseSetting("PluginHost:Rehearsal", "false");

            foreach (var (key, value) in settings)
                host.UseSetting(key, value);
        });
        _factory.UseKestrel();
        _factory.StartServer();
        Client = _factory.CreateClient();
        Client.Timeout = TimeSpan.FromMinutes(2);
    }

    public HttpClient Client { get; }

    public IServiceProvider Services => _factory.Services;

    /// <summary>Uploads that have not ended, one way or the other.</summary>
    public int UnfinishedUploads => Directory.GetFiles(Path.Combine(_data, "incoming")).Length;

    public static ApiFixture With(params (string Key, string Value)[] settings) => new(settings);

    public async Task<HttpResponseMessage> UploadAsync(string plugin, byte[] module)
    {
        using var content = new ByteArrayContent(module);
        content.Headers.ContentType = new("application/wasm");
        return await Client.PostAsync(new Uri($"/v1/plugins/{plugin}/versions", UriKind.Relative), content);
    }

    public Task<HttpResponseMessage> InvokeAsync(string plugin, string export, string body, string query = "") =>
        Client.PostAsync(new Uri($"/v1/plugins/{plugin}/exports/{export}/invoke{query}", UriKind.Relative), new StringContent(body, Encoding.UTF8, "application/json"));

    public void Dispose()
    {
        Client.Dispose();
        _factory.Dispose();
        _origin.Dispose();
        Directory.Delete(_data, recursive: true);
    }
}
