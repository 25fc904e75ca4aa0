using System.Text;
using System.Text.Unicode;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Plugins.HostFunctions.Http;

/// <summary>Takes a guest's request out of its memory, and has it sent.</summary>
internal sealed class HttpFunction(HttpExchange exchange)
{
    private const int MaximumUrlBytes = 8 * 1024;
    private const int MaximumMethodBytes = 20;

    public Task<HostResult> SendAsync(HostCaller caller, LinearMemory memory, in HttpRequestLayout request, CancellationToken interruption)
    {
        // All pointers first: one that leads nowhere is a trap, whatever else is wrong.
        var method = request.Method.In(memory);
        var url = request.Url.In(memory);
        var headers = request.Headers.In(memory);
        var body = request.Body.In(memory);
        var policy = caller.Settings.Http!;

        if (body.Length > policy.RequestBytes)
            return Task.FromResult(HostResult.Error(HostError.LimitReached, $"A request's body has at most {policy.RequestBytes} bytes."));

        if (method.Length is 0 or > MaximumMethodBytes || method.ContainsAnyExceptInRange((byte)'A', (byte)'Z'))
            return Invalid("The method is no word of capital letters.");

        if (url.Length > MaximumUrlBytes || !Utf8.IsValid(url) || !Uri.TryCreate(Encoding.UTF8.GetString(url), UriKind.Absolute, out var target) || target.Host.Length == 0)
            return Invalid($"The URL is not absolute, or longer than {MaximumUrlBytes} bytes.");

        if (target.UserInfo.Length > 0)
            return Invalid("The URL has a user name, which belongs in a header.");

        var fields = new List<KeyValuePair<string, string>>();

        if (GuestHeaders.Read(headers, fields) is { } wrong)
            return Invalid(wrong);

        var timeout = request.TimeoutMilliseconds == 0 ? policy.Timeout : TimeSpan.FromMilliseconds(Math.Min(request.TimeoutMilliseconds, policy.Timeout.TotalMilliseconds));
        return exchange.SendAsync(caller.Entry.Circuits, policy, new GuestRequest(Encoding.ASCII.GetString(method), target, fields, body.ToArray()), timeout, interruption);
    }

    private static Task<HostResult> Invalid(string text) => Task.FromResult(HostResult.Error(HostError.InvalidArgument, text));
}
