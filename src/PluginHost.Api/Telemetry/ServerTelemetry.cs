using Microsoft.AspNetCore.Http.HttpResults;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using PluginHost.Api.Security;
using PluginHost.Plugins.Access;
using PluginHost.Plugins.Telemetry;

namespace PluginHost.Api.Telemetry;

/// <summary>
/// Metrics at <c>/metrics</c> as Prometheus reads them; metrics and traces over OTLP where the standard variable <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> says where to.
/// </summary>
internal static class ServerTelemetry
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    public static void AddTo(IServiceCollection services, IConfiguration configuration)
    {
        var telemetry = services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("pluginhost", serviceVersion: typeof(ServerTelemetry).Assembly.GetName().Version?.ToString(3)))
            .WithMetrics(metrics => metrics
                .AddMeter(TelemetryNames.Meter, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime")
                .AddPrometheusExporter());

        if (string.IsNullOrEmpty(configuration[Endpoint]))
            return;

        telemetry.WithTracing(traces => traces.AddSource(TelemetryNames.ActivitySource, "Microsoft.AspNetCore"));
        telemetry.UseOtlpExporter();
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        var scrape = routes.CreateApplicationBuilder().UseOpenTelemetryPrometheusScrapingEndpoint(_ => true).Build();

        routes.MapGet("/metrics", async Task<EmptyHttpResult> (HttpContext context) =>
            {
                await scrape(context);
                return TypedResults.Empty;
            })
            .WithTags("Server").WithSummary("Metrics in Prometheus' text format.")
            .Produces<string>(contentType: "text/plain").RequireScope(Scope.Read);
    }
}
