using System.Text.Json;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
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

    public static TheoryData<Exception> Departures => [new ConnectionResetException("Connection reset by peer"), new ConnectionAbortedException("The client left.")];

    [Theory]
    [MemberData(nameof(Departures))]
    public async Task Invoke_ClientGoesAwayBeforeTheRequestIsCancelled_IsNoErrorOfTheServer(Exception departure)
    {
        var (context, lifetime, log) = (new DefaultHttpContext(), new Lifetime(), new ErrorLog());
        context.Features.Set<IHttpRequestLifetimeFeature>(lifetime);
        context.Response.Body = new MemoryStream();
        var middleware = new ProblemMiddleware(_ => Task.FromException(departure), log);

        await middleware.InvokeAsync(context);

        Assert.Empty(log.Lines);
        Assert.True(lifetime.IsAborted);
        Assert.Equal(StatusCodes.Status499ClientClosedRequest, context.Response.StatusCode);
        Assert.Equal(0, context.Response.Body.Length);
    }

    private sealed class Lifetime : IHttpRequestLifetimeFeature
    {
        public CancellationToken RequestAborted { get; set; }

        public bool IsAborted { get; private set; }

        public void Abort() => IsAborted = true;
    }

    private sealed class ErrorLog : ILogger<ProblemMiddleware>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Lines.Add(formatter(state, exception));
    }
}
