using System.Globalization;
using System.Net.Sockets;
using System.Text;
using PluginHost.Api.Tests.Support;

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
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        var server = api.Client.BaseAddress!;
        await socket.ConnectAsync(server.Host, server.Port);
        var request = Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"POST /v1/plugins/allocations/exports/add/invoke HTTP/1.1\r\nHost: localhost:{server.Port}\r\nContent-Type: application/json\r\nContent-Length: 14\r\n\r\n{{\"args\":[1,2]}}"));
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

        Assert.InRange(least, 1, Budget);
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
