using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using PluginHost.Api.Problems;

namespace PluginHost.Api.Tests.Problems;

public sealed class ProblemMiddlewareTests
{
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

    [Fact]
    public async Task Invoke_DiskFails_IsAnErrorOfTheServer()
    {
        var (context, log) = (new DefaultHttpContext(), new ErrorLog());
        var middleware = new ProblemMiddleware(_ => Task.FromException(new IOException("No space left on device")), log);

        await middleware.InvokeAsync(context);

        Assert.Single(log.Lines);
        Assert.Equal(500, context.Response.StatusCode);
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
