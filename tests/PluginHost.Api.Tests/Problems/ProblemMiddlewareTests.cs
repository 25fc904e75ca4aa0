using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using PluginHost.Api.Problems;

namespace PluginHost.Api.Tests.Problems;

public sealed class ProblemMiddlewareTests
{
    public static TheoryData<Exception, int, string> Exceptions => new()
    {
        { new IOException("No space left on device", 28), 507, "storage-full" },
        { new IOException("Disk quota exceeded", 122), 507, "storage-full" },
        { new SqliteException("database or disk is full", 13), 507, "storage-full" },
        { new SqliteException("disk I/O error", 10), 500, "internal-error" },
        { new IOException("Input/output error", 5), 500, "internal-error" },
    };

    [Theory]
    [MemberData(nameof(Exceptions))]
    public async Task Request_HandlerThrows_TellsAFullDiskFromABug(Exception exception, int status, string code)
    {
        var context = new DefaultHttpContext { Response = { Body = new MemoryStream() } };
        var middleware = new ProblemMiddleware(_ => throw exception, NullLogger<ProblemMiddleware>.Instance);

        await middleware.InvokeAsync(context);

        context.Response.Body.Position = 0;
        using var problem = await JsonDocument.ParseAsync(context.Response.Body);
        Assert.Equal(status, context.Response.StatusCode);
        Assert.Equal(code, problem.RootElement.GetProperty("code").GetString());
    }
}
