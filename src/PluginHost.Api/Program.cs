using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using PluginHost.Api;
using PluginHost.Api.Calls;
using PluginHost.Api.Endpoints;
using PluginHost.Api.OpenApi;
using PluginHost.Api.Probes;
using PluginHost.Api.Problems;
using PluginHost.Api.Rehearsals;
using PluginHost.Api.Security;
using PluginHost.Api.Starting;
using PluginHost.Api.Telemetry;
using PluginHost.Api.WebConsole;
using PluginHost.Plugins;
using PluginHost.Plugins.HostFunctions.Calls;
using PluginHost.Plugins.Operations;
using Serilog;
using Serilog.Events;

if (args is [HealthCheckCommand.Name])
{
    var environment = new ConfigurationBuilder().AddEnvironmentVariables("ASPNETCORE_").AddEnvironmentVariables().Build();
    return await HealthCheckCommand.RunAsync(ListeningRules.Addresses(environment), Console.Error);
}

if (args is [RestoreCommand.Name, ..])
    return await RestoreCommand.RunAsync(args[1..], Console.Out, Console.Error);

// Until the whole configuration has been read.
var output = LogOutput.Of(new ConfigurationBuilder().AddEnvironmentVariables().AddCommandLine(args).Build(), out _);

try
{
    var builder = WebApplication.CreateBuilder(args);
    output = LogOutput.Of(builder.Configuration, out var unknownFormat);

    if (unknownFormat is not null)
        throw new PluginHostStartException(unknownFormat);

    var failedRehearsal = await Rehearsal.RunAsync(Build, builder.Configuration);

    await using var app = Build(builder);

    if (failedRehearsal is not null)
        app.Services.GetRequiredService<StartLog>().NotRehearsed(failedRehearsal);

    await app.StartAsync();
    app.Services.GetRequiredService<StartLog>().Started();
    await app.WaitForShutdownAsync();
    return 0;
}
catch (Exception exception) when (StartFailures.Describe(exception) is { } described)
{
    await output.SayAsync(Console.Error, $"PluginHost cannot start: {described.Reason.ReplaceLineEndings(" ")}", "Fatal", "StartFailure", described.Failure.ToString());
    return (int)described.Failure;
}

static WebApplication Build(WebApplicationBuilder builder)
{
    var configuration = builder.Configuration;

    builder.Logging.ClearProviders();
    var output = LogOutput.Of(configuration, out _);
    builder.Services.AddSingleton(output);
    builder.Logging.AddSerilog(
        output.WriteTo(new LoggerConfiguration()
            .MinimumLevel.Information()
            .MinimumLevel.Override("Microsoft.AspNetCore", LogEventLevel.Warning)
            // It warns at each start that the keys of the console's cookies are not encrypted, which the catalog beside them is not either.
            .MinimumLevel.Override("Microsoft.AspNetCore.DataProtection", LogEventLevel.Error)
            // What keeps the server from starting is said once, in one line.
            .MinimumLevel.Override("Microsoft.Extensions.Hosting.Internal.Host", LogEventLevel.Fatal)
            .ReadFrom.Configuration(configuration))
            .CreateLogger(),
        dispose: true);

    // It says nothing that RequestLog does not, and while anybody listens to it every request gets an activity and a scope. Traces have their own way in.
    builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);

    var addresses = ListeningRules.Addresses(configuration);
    var isInContainer = configuration["DOTNET_RUNNING_IN_CONTAINER"] is "true" or "True" or "TRUE" or "1";

    if (ListeningRules.Refusal(addresses) is { } refusal)
        throw new PluginHostStartException(refusal);

    if (addresses is [ListeningRules.DefaultUrl])
        builder.WebHost.UseUrls(ListeningRules.DefaultUrl);

    builder.Services.AddSingleton(AccessSettings.Of(configuration, ListeningRules.IsLocal(addresses, isInContainer)));
    builder.Services.AddSingleton<CallerDirectory>();
    builder.Services.AddSingleton<CallerRates>();
    OidcTokens.AddTo(builder.Services, OidcSettings.Of(configuration));
    builder.Services.AddSingleton<StartLog>();
    builder.Services.AddPluginHost(configuration);
    builder.Services.AddHostedService<FirstKey>();
    ServerTelemetry.AddTo(builder.Services, configuration);
    builder.Services.AddSingleton<IPluginCalls, PluginCalls>();
    builder.Services.AddSingleton<CallMessages>();
    builder.Services.AddSingleton<ICallMessages>(provider => provider.GetRequiredService<CallMessages>());
    builder.Services.ConfigureHttpJsonOptions(json =>
    {
        json.SerializerOptions.NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.Strict;
        json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJsonContext.Default);
    });
    builder.Services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
    ConsolePages.AddTo(builder);
    builder.Services.AddOpenApi(DocumentEndpoint.Document, ApiDocument.Configure);
    builder.Services.AddSingleton<DocumentBytes>();

    // Guests get their limit to end, and connections some time after them.
    builder.Services.AddOptions<HostOptions>().Configure<IOptions<PluginHostOptions>>(
        (host, options) => host.ShutdownTimeout = TimeSpan.FromMilliseconds(options.Value.Limits.DrainMilliseconds) + TimeSpan.FromSeconds(20));
    builder.WebHost.ConfigureKestrel(kestrel =>
    {
        kestrel.AddServerHeader = false;
        var limits = kestrel.ApplicationServices.GetRequiredService<IOptions<PluginHostOptions>>().Value.Limits;
        kestrel.Limits.MaxRequestBodySize = Math.Max(1024 * 1024, limits.BodyBytes);
        kestrel.Limits.MaxRequestHeadersTotalSize = 32 * 1024;
        kestrel.Limits.MaxRequestHeaderCount = 64;
        kestrel.Limits.MaxConcurrentConnections = limits.MaximumConnections;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromMilliseconds(limits.HeaderTimeoutMilliseconds);

        // Slower clients hold a place that others could use.
        kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
        kestrel.Limits.MinResponseDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
    });

    var app = builder.Build();

    // AccessMiddleware asks the token handler where there is a token. The one that comes along with it would ask it for every request.
    ((IApplicationBuilder)app).Properties["__AuthenticationMiddlewareSet"] = true;

    app.Use(TraceContext.Of);
    app.UseMiddleware<RequestLog>();
    app.UseMiddleware<ProblemMiddleware>();
    app.UseRouting();

    // But for the console's, all services live as long as the server: making a scope of them for each request would be for nothing.
    app.Use(next => context =>
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<ConsolePage>() is null)
            context.RequestServices = app.Services;

        return next(context);
    });
    app.UseMiddleware<AccessMiddleware>();
    DocumentEndpoint.Map(app);
    SwaggerPages.Map(app);
    ServerEndpoints.Map(app);
    ServerTelemetry.Map(app);
    PluginEndpoints.Map(app);
    VersionEndpoints.Map(app);
    AliasEndpoints.Map(app);
    InvocationEndpoints.Map(app);
    HandleEndpoint.Map(app);
    OperationEndpoints.Map(app);
    PluginDocumentEndpoint.Map(app);
    LogEndpoints.Map(app);
    KeyEndpoints.Map(app);
    AuditEndpoints.Map(app);
    BackupEndpoint.Map(app);
    ConsolePages.Map(app);

    return app;
}

/// <summary>The server. The type is public for tests that host it.</summary>
public partial class Program;
