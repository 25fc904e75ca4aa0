using Microsoft.Extensions.Options;
using PluginHost.Api;
using PluginHost.Api.Endpoints;
using PluginHost.Api.Problems;
using PluginHost.Api.Security;
using PluginHost.Plugins;
using Serilog;

if (args is [HealthCheck.Command])
    return await HealthCheck.RunAsync();

try
{
    var builder = WebApplication.CreateBuilder(args);
    var configuration = builder.Configuration;

    builder.Logging.ClearProviders();
    builder.Logging.AddSerilog(
        new LoggerConfiguration()
            .MinimumLevel.Information()
            .MinimumLevel.Override("Microsoft.AspNetCore", Serilog.Events.LogEventLevel.Warning)
            .ReadFrom.Configuration(configuration)
            .WriteTo.Console(formatProvider: System.Globalization.CultureInfo.InvariantCulture)
            .CreateLogger(),
        dispose: true);

    if (string.IsNullOrEmpty(configuration["urls"]) && string.IsNullOrEmpty(configuration["http_ports"]) && string.IsNullOrEmpty(configuration["https_ports"]))
        builder.WebHost.UseUrls(ListeningRules.DefaultUrl);

    var apiKey = new ApiKey(configuration["PluginHost:ApiKey"]);
    builder.Services.AddSingleton(apiKey);
    builder.Services.AddPluginHost(configuration);
    builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJsonContext.Default));
    builder.Services.AddOpenApi("v1");
    builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(30));
    builder.WebHost.ConfigureKestrel(kestrel =>
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = 1024 * 1024;
        kestrel.Limits.MaxRequestHeadersTotalSize = 32 * 1024;
    });

    var app = builder.Build();
    var isInContainer = configuration["DOTNET_RUNNING_IN_CONTAINER"] is "true";

    if (ListeningRules.Refusal(Urls(configuration), apiKey.IsRequired, isInContainer) is { } refusal)
        throw new PluginHostStartException(refusal);

    app.UseMiddleware<RequestLog>();
    app.UseMiddleware<ProblemMiddleware>();
    app.UseMiddleware<AccessMiddleware>();
    app.UseRouting();
    app.MapOpenApi("/openapi/{documentName}.json");
    app.UseSwaggerUI(swagger => swagger.SwaggerEndpoint("/openapi/v1.json", "PluginHost"));
    ServerEndpoints.Map(app);
    PluginEndpoints.Map(app);
    VersionEndpoints.Map(app);
    InvocationEndpoints.Map(app);
    LogEndpoints.Map(app);

    await app.RunAsync();
    return 0;
}
catch (Exception exception) when (Describe(exception) is { } reason)
{
    await Console.Error.WriteLineAsync($"PluginHost cannot start: {reason}");
    return 1;
}
finally
{
    await Log.CloseAndFlushAsync();
}

static IEnumerable<string> Urls(ConfigurationManager configuration)
{
    var ports = (configuration["http_ports"] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries).Select(port => $"http://*:{port}")
        .Concat((configuration["https_ports"] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries).Select(port => $"https://*:{port}"));
    var urls = (configuration["urls"] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    var endpoints = configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(endpoint => endpoint["Url"]).OfType<string>();

    // As Kestrel does: endpoints of its own section replace everything, urls replace ports.
    return endpoints.Any() ? endpoints : urls.Length > 0 ? urls : ports;
}

static string? Describe(Exception exception) => exception switch
{
    PluginHostStartException or OptionsValidationException => exception.Message,
    IOException io => io.Message,
    UnauthorizedAccessException denied => denied.Message,
    FormatException format => format.Message,
    InvalidOperationException { InnerException: PluginHostStartException inner } => inner.Message,
    _ => null,
};

/// <summary>The server. The type is public for tests that host it.</summary>
public partial class Program;
