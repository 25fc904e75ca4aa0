using System.CommandLine;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using PluginHost.Cli.CommandLine;

namespace PluginHost.Cli.Server;

/// <summary>The server's REST API. Whatever is no success ends the command with the server's own problem.</summary>
internal sealed partial class ServerClient : IDisposable
{
    /// <summary>Far above any answer of a server's, and far below what this machine has.</summary>
    private const int MaximumAnswerBytes = 256 * 1024 * 1024;

    private readonly ServerAddress _address;
    private readonly HttpClient _http;

    public ServerClient(ServerAddress address)
    {
        _address = address;

        // The key goes to this server and to no other that it names.
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(10) })
        {
            BaseAddress = address.Url,
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = MaximumAnswerBytes,
        };

        if (address.Key is not null)
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", address.Key);

        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("pluginhost", typeof(ServerClient).Assembly.GetName().Version?.ToString(3)));
    }

    public static ServerClient Of(ParseResult parsed) => new(ServerAddress.Of(parsed));

    public async Task<IReadOnlyList<PluginSummary>> PluginsAsync(CancellationToken cancellation)
    {
        var plugins = new List<PluginSummary>();
        string? token = null;

        do
        {
            var page = await GetAsync(token is null ? "v1/plugins" : $"v1/plugins?pageToken={Uri.EscapeDataString(token)}", CliJsonContext.Default.PluginList, cancellation);
            plugins.AddRange(page.Plugins);
            token = page.NextPageToken;
        }
        while (token is not null);

        return plugins;
    }

    public async Task<IReadOnlyList<VersionSummary>> VersionsAsync(string plugin, CancellationToken cancellation)
    {
        var versions = new List<VersionSummary>();
        string? token = null;

        do
        {
            var page = await GetAsync(
                $"{PathOf(plugin)}/versions{(token is null ? "" : $"?pageToken={Uri.EscapeDataString(token)}")}", CliJsonContext.Default.VersionList, cancellation);
            versions.AddRange(page.Items);
            token = page.NextPageToken;
        }
        while (token is not null);

        return versions;
    }

    /// <param name="version">Ordinal, digest or alias; null for the live one.</param>
    public Task<ExportList> ExportsAsync(string plugin, string? version, CancellationToken cancellation) =>
        GetAsync($"{PathOf(plugin)}/exports{QueryOf(version)}", CliJsonContext.Default.ExportList, cancellation);

    public async Task<IReadOnlyList<LogLine>> LogsAsync(string plugin, int? limit, CancellationToken cancellation) =>
        (await GetAsync(string.Create(CultureInfo.InvariantCulture, $"{PathOf(plugin)}/logs?limit={limit ?? 1_000}"), CliJsonContext.Default.LogPage, cancellation)).Lines;

    /// <summary>The log as server-sent events: the kept lines behind <paramref name="after"/>, then those that come.</summary>
    public Task<HttpResponseMessage> FollowLogsAsync(string plugin, long after, CancellationToken cancellation) => SendAsync(
        new HttpRequestMessage(HttpMethod.Get, string.Create(CultureInfo.InvariantCulture, $"{PathOf(plugin)}/logs?follow=true&after={after}")), cancellation);

    /// <summary>Replaces a plugin's configuration, or creates the plugin with it.</summary>
    public async Task ConfigureAsync(string plugin, FileInfo configuration, CancellationToken cancellation)
    {
        using var body = new StreamContent(configuration.OpenRead());
        body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var response = await SendAsync(new HttpRequestMessage(HttpMethod.Put, PathOf(plugin)) { Content = body }, cancellation);
    }

    public async Task<Upload> UploadAsync(string plugin, HttpContent module, bool activates, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{PathOf(plugin)}/versions{(activates ? "" : "?activate=false")}") { Content = module };

        // A refusal by headers alone comes before the module has been sent.
        request.Headers.ExpectContinue = true;
        using var response = await SendAsync(request, cancellation);
        var version = await ReadAsync(response, CliJsonContext.Default.VersionSummary, cancellation);
        return new Upload(version, response.StatusCode == System.Net.HttpStatusCode.Created);
    }

    /// <param name="operation"><c>invoke</c> or <c>handle</c>.</param>
    public Task<HttpResponseMessage> CallAsync(string plugin, string export, string operation, string? version, int? deadline, HttpContent body, CancellationToken cancellation)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"{PathOf(plugin)}/exports/{Uri.EscapeDataString(export)}/{operation}{QueryOf(version)}") { Content = body };

        if (deadline is { } milliseconds)
            request.Headers.Add("PluginHost-Deadline-Ms", milliseconds.ToString(CultureInfo.InvariantCulture));

        return SendAsync(request, cancellation);
    }

    public void Dispose() => _http.Dispose();

    private static string PathOf(string plugin) => $"v1/plugins/{Uri.EscapeDataString(plugin)}";

    private static string QueryOf(string? version) => version is null ? "" : $"?version={Uri.EscapeDataString(version)}";

    private async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        using var response = await SendAsync(new HttpRequestMessage(HttpMethod.Get, path), cancellation);
        return await ReadAsync(response, type, cancellation);
    }

    public async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        try
        {
            await response.Content.LoadIntoBufferAsync(MaximumAnswerBytes, cancellation);
            return await JsonSerializer.DeserializeAsync(await response.Content.ReadAsStreamAsync(cancellation), type, cancellation) ?? throw new JsonException();
        }
        catch (JsonException)
        {
            throw new ToolException(ExitCode.Unreachable, "not-a-server", "No PluginHost server", $"What answers at {_address} is no PluginHost server, or one of another age.");
        }
        catch (HttpRequestException exception)
        {
            throw Unreachable(exception);
        }
    }

    /// <summary>A response whose body is still to be read, and which is a success.</summary>
    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        HttpResponseMessage response;

        try
        {
            response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        }
        catch (HttpRequestException exception)
        {
            throw Unreachable(exception);
        }

        if (response.IsSuccessStatusCode)
            return response;

        using (response)
            throw await RefusalAsync(response, cancellation);
    }

    private async Task<ToolException> RefusalAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        var status = (int)response.StatusCode;

        if (response.Content.Headers.ContentType?.MediaType is not "application/problem+json")
        {
            return new ToolException(
                status >= 500 ? ExitCode.Unreachable : ExitCode.Refused,
                "not-a-server",
                "No PluginHost server",
                $"What answers at {_address} says {status} {response.ReasonPhrase} without telling why, as PluginHost would.");
        }

        var problem = await ReadAsync(response, CliJsonContext.Default.Problem, cancellation);
        return new ToolException(ProblemCodes.ExitCodeOf(problem with { Status = status }), problem);
    }

    private ToolException Unreachable(HttpRequestException exception) => new(
        ExitCode.Unreachable, "unreachable", "No server", $"{_address} does not answer: {exception.InnerException?.Message ?? exception.Message}");
}
