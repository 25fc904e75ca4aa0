using Microsoft.AspNetCore.Mvc;
using PluginHost.Api.OpenApi;
using PluginHost.Api.Problems;
using PluginHost.Api.Security;
using PluginHost.Plugins;
using PluginHost.Plugins.Access;

namespace PluginHost.Api.Endpoints;

/// <summary>Plugins and their configuration.</summary>
internal static class PluginEndpoints
{
    internal const int DefaultPageSize = 100;

    private const string ConfigurationDescription =
        """
        What is left out is the server's default. `grants` names the host functions that the plugin may import: `log`, `config`, `clock` and `invocation` are granted unless false, `kv` if true, `http` with the
        hosts, methods and limits of requests, `call` with the names of the plugins that it may call, `modules` with those of the embedding application. A module that imports more is refused at upload;
        a grant that is taken away later has its functions answer -4 (denied). `config` and `secrets` are values that the plugin reads. Secrets are never shown: they are null in every answer, and null in a
        request keeps the one that there is.
        """;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/plugins", List).WithTags("Plugins").WithSummary("Lists plugins by name.")
            .WithDescription("`label=team=payments` selects those that have the label, `label=team` those that have one of the key; several must all be there.").Produces<PluginPage>().WithProblems(400).RequireScope(Scope.Read, openToOnePlugin: true);
        routes.MapGet("/v1/plugins/{plugin}", Get).WithTags("Plugins").WithSummary("One plugin, with its configuration.").Produces<Plugin>().WithProblems(404).RequireScope(Scope.Read);
        routes.MapPut("/v1/plugins/{plugin}", PutAsync).WithTags("Plugins").WithSummary("Creates a plugin or replaces its configuration.")
            .WithDescription(ConfigurationDescription)
            .Accepts<PluginConfiguration>("application/json").Produces<Plugin>().Produces<Plugin>(StatusCodes.Status201Created).WithProblems(400, 412, 415, 503, 507).RequireScope(Scope.Deploy)
            .WithRequestExample("""{"limits":{"deadlineMilliseconds":1000},"pool":{"maximum":4},"engine":"tiered","config":{"greeting":"Hello"},"secrets":{},"labels":{"team":"payments"},"grants":{"kv":true,"call":["pricing"],"http":{"hosts":["api.example.com"],"methods":["GET"]}}}""");
        routes.MapDelete("/v1/plugins/{plugin}", DeleteAsync).WithTags("Plugins").WithSummary("Lets running invocations end, then removes the plugin and its versions.")
            .Produces(StatusCodes.Status204NoContent).WithProblems(404, 412).RequireScope(Scope.Deploy);
        routes.MapGet("/v1/plugins/{plugin}/stats", Statistics).WithTags("Plugins").WithSummary("Invocations, latencies, traps, pools, memory, and the code of each tier.")
            .Produces<Plugins.Telemetry.PluginStatistics>().WithProblems(404).RequireScope(Scope.Read);
    }

    private static IResult List(PluginService plugins, int? pageSize, string? pageToken, string[]? label, HttpContext context)
    {
        var labels = LabelSelector.Read(label ?? []);

        if (!labels.Succeeded)
            return ProblemResult.Of(labels.Failure);

        // To who may have to do with one plugin there is no other.
        if (((Caller)context.User).Plugin is { } only)
            return TypedResults.Json(new PluginPage(plugins.Get(only).Value is { } one && labels.Value.All(selector => selector.Selects(one.Configuration.Labels)) ? [one] : [], null), ApiJsonContext.Default.PluginPage);

        var page = plugins.List(pageSize ?? DefaultPageSize, pageToken, labels.Value);
        return page.Succeeded ? TypedResults.Json(page.Value, ApiJsonContext.Default.PluginPage) : ProblemResult.Of(page.Failure);
    }

    private static IResult Get(PluginService plugins, string plugin, HttpResponse response)
    {
        var found = plugins.Get(plugin);

        if (!found.Succeeded)
            return ProblemResult.Of(found.Failure);

        response.Headers.ETag = EntityTags.Of(found.Value);
        return TypedResults.Json(found.Value, ApiJsonContext.Default.Plugin);
    }

    private static async Task<IResult> PutAsync(
        PluginService plugins,
        string plugin,
        HttpRequest request,
        HttpResponse response,
        [FromHeader(Name = "If-Match")] string? ifMatch,
        [FromHeader(Name = "If-None-Match")] string? ifNoneMatch,
        CancellationToken cancellation)
    {
        var (configuration, problem) = await JsonBody.ReadAsync(request, PluginsJsonContext.Default.PluginConfiguration, "The configuration", "A configuration is application/json.");

        if (problem is not null)
            return problem;

        if (configuration is not { Limits: not null, Pool: not null, Environment: not null, Directories: not null, Grants: not null, Config: not null, Secrets: not null, Labels: not null, Circuit: not null })
            return new ProblemResult(400, "invalid-configuration", "Invalid configuration", "The configuration and its parts are objects, not null.");

        if (((Caller)request.HttpContext.User).Plugin is not null && OnePluginRules.Refusal(plugin, configuration, plugins.Get(plugin).Value?.Configuration) is { } refusal)
            return new ProblemResult(403, "forbidden", "Forbidden", $"{refusal} It takes a key for all plugins.");

        var put = await plugins.PutAsync(plugin, configuration, EntityTags.Condition(ifMatch, ifNoneMatch), mustNotExist: ifNoneMatch == "*", cancellation);

        if (!put.Succeeded)
            return ProblemResult.Of(put.Failure);

        response.Headers.ETag = EntityTags.Of(put.Value.Plugin);
        response.Headers.Location = $"/v1/plugins/{plugin}";
        return TypedResults.Json(put.Value.Plugin, ApiJsonContext.Default.Plugin, statusCode: put.Value.Created ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    private static async Task<IResult> DeleteAsync(
        PluginService plugins,
        string plugin,
        [FromHeader(Name = "If-Match")] string? ifMatch,
        [FromHeader(Name = "If-None-Match")] string? ifNoneMatch,
        CancellationToken cancellation)
    {
        var deleted = await plugins.DeleteAsync(plugin, EntityTags.Condition(ifMatch, ifNoneMatch), cancellation);
        return deleted.Succeeded ? TypedResults.NoContent() : ProblemResult.Of(deleted.Failure);
    }

    private static IResult Statistics(PluginService plugins, string plugin)
    {
        var statistics = plugins.Statistics(plugin);
        return statistics.Succeeded ? TypedResults.Json(statistics.Value, ApiJsonContext.Default.PluginStatistics) : ProblemResult.Of(statistics.Failure);
    }
}
