using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace PluginHost.Soak;

/// <summary>Asks the server, counts what it answers, and holds every answer against the contract: a documented status, and a whole problem where it is an error.</summary>
internal sealed class SoakClient(SoakServer server, Tally tally, Violations violations)
{
    public static HttpContent Json(string text) => new StringContent(text, Encoding.UTF8, "application/json");

    public static HttpContent Wasm(byte[] module) => new ByteArrayContent(module) { Headers = { ContentType = new MediaTypeHeaderValue("application/wasm") } };

    public static HttpContent Form(byte[] module) => new MultipartFormDataContent { { new ByteArrayContent(module), "file", "module.wasm" } };

    public Task<SoakAnswer?> GetAsync(string operation, string path, params int[] statuses) => SendAsync(operation, HttpMethod.Get, path, null, statuses);

    public Task<SoakAnswer?> InvokeAsync(string operation, string plugin, string export, string arguments, string query = "", int? deadline = null, params int[] statuses) =>
        SendAsync(operation, HttpMethod.Post, $"/v1/plugins/{plugin}/exports/{export}/invoke{query}", Json($"{{\"args\":[{arguments}]}}"), statuses, deadline);

    /// <summary>Sends a request, and waits first where the server is down.</summary>
    /// <param name="statuses">What the answer may be. A server that is busy or stops may always say so with 429 or 503 and Retry-After.</param>
    /// <returns>Null where the connection broke because the server went away, and where it said that it is busy.</returns>
    public async Task<SoakAnswer?> SendAsync(string operation, HttpMethod method, string path, HttpContent? content, int[] statuses, int? deadline = null)
    {
        await server.WhenUp;
        var life = server.Life;
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = content };

        if (deadline is { } milliseconds)
            request.Headers.Add("PluginHost-Deadline-Ms", milliseconds.ToString(CultureInfo.InvariantCulture));

        try
        {
            using var response = await server.Http.SendAsync(request);
            var body = await response.Content.ReadAsByteArrayAsync();
            return Check(operation, $"{method} {path}", response, body, statuses);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or ObjectDisposedException or OperationCanceledException)
        {
            tally.Count(operation, "connection lost");
            violations.Require(server.IsDown || server.Life != life, $"{method} {path}: the connection broke while the server was up: {exception.Message} {exception.InnerException?.Message}");
            return null;
        }
    }

    private SoakAnswer? Check(string operation, string request, HttpResponseMessage response, byte[] body, int[] statuses)
    {
        var status = (int)response.StatusCode;
        var isBusy = status is 429 or 503 && response.Headers.RetryAfter is not null;
        string? code = null;

        if (status >= 400)
        {
            code = Problem(response, body, status);
            violations.Require(code is not null, $"{request}: {status} without a problem: {Encoding.UTF8.GetString(body)}");
        }

        tally.Count(operation, code is null ? status.ToString(CultureInfo.InvariantCulture) : $"{status} {code}");
        var answer = new SoakAnswer(status, code, body);
        violations.Require(isBusy || statuses.Contains(status), $"{request}: {answer}");
        return isBusy ? null : answer;
    }

    private static string? Problem(HttpResponseMessage response, byte[] body, int status)
    {
        if (!string.Equals(response.Content.Headers.ContentType?.MediaType, "application/problem+json", StringComparison.Ordinal))
            return null;

        using var problem = JsonDocument.Parse(body);
        return problem.RootElement.GetProperty("status").GetInt32() == status ? problem.RootElement.GetProperty("code").GetString() : null;
    }
}
