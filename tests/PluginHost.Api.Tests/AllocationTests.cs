using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using PluginHost.Api.Tests.Support;
using PluginHost.Plugins.Access;

namespace PluginHost.Api.Tests;

/// <summary>
/// What a call over HTTP may allocate on the server: the budget is a little above what was measured, so that what is added to the way of every call is seen. The
/// client writes and reads bytes that it has, and allocates nothing.
/// </summary>
[Collection(nameof(AllocationTests))]
public sealed class AllocationTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    /// <summary>Bytes; 2,144 were measured, for the path, route values and cancellation, the measurements taken, the answer’s headers and the guest’s arguments and results.</summary>
    private const int Budget = 2_400;

    private const int WarmUps = 500;
    private const int Calls = 500;
    private const int Rounds = 8;

    [Fact]
    public async Task Invoke_OverHttp_AllocatesWithinItsBudget()
    {
        using var upload = await api.UploadAsync("allocations", Repository.Sample("calc"));

        Assert.InRange(await MeasureAsync(api, ""), 1, Budget);
    }

    private static async Task<long> MeasureAsync(ApiFixture api, string headers)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        var server = api.Client.BaseAddress!;
        await socket.ConnectAsync(server.Host, server.Port);
        var request = Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"POST /v1/plugins/allocations/exports/add/invoke HTTP/1.1\r\nHost: localhost:{server.Port}\r\n{headers}Content-Type: application/json\r\nContent-Length: 14\r\n\r\n{{\"args\":[1,2]}}"));
        var answer = new byte[4_096];
        Call(socket, request, answer, WarmUps);

        // What else the process does allocates too, in some rounds more and in some nothing.
        var least = long.MaxValue;

        for (var round = 0; round < Rounds; round++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            Call(socket, request, answer, Calls);
            least = Math.Min(least, (GC.GetTotalAllocatedBytes(precise: true) - before) / Calls);
        }

        return least;
    }

    /// <summary>A caller with a key, whose requests are counted, costs no more than one without.</summary>
    [Fact]
    public async Task Invoke_WithAKeyAndARate_AllocatesWithinTheSameBudget()
    {
        using var own = ApiFixture.With(("PluginHost:Limits:RequestsPerSecond", "1000000"));
        using var upload = await own.UploadAsync("allocations", Repository.Sample("calc"));
        var key = own.Services.GetRequiredService<AccessKeys>().Create(new KeyRequest("caller", ["invoke"], "allocations"), needsAdministrator: false).Value!.Secret;

        Assert.InRange(await MeasureAsync(own, $"Authorization: Bearer {key}\r\n"), 1, Budget);
    }

    private static void Call(Socket socket, byte[] request, byte[] answer, int calls)
    {
        for (var i = 0; i < calls; i++)
        {
            socket.Send(request);
            var length = 0;

            while (answer.AsSpan(0, length).IndexOf("\r\n\r\n{\"results\":[3]}"u8) < 0)
            {
                var read = socket.Receive(answer, length, answer.Length - length, SocketFlags.None);
                Assert.NotEqual(0, read);
                length += read;
            }
        }
    }
}
