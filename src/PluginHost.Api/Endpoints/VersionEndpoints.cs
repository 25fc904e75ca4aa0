using System.Globalization;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using PluginHost.Api.OpenApi;
using PluginHost.Api.Problems;
using PluginHost.Api.Security;
using PluginHost.Api.Uploads;
using PluginHost.Plugins;
using PluginHost.Plugins.Access;
using PluginHost.Plugins.Loading;
using PluginHost.Plugins.Manifests;
using PluginHost.Plugins.Signatures;

namespace PluginHost.Api.Endpoints;

/// <summary>Versions: uploading, describing, getting back and deleting modules.</summary>
internal static class VersionEndpoints
{
    private const string Wasm = "application/wasm";
    private const string SignatureHeader = "PluginHost-Signature";

    // What a form adds to the file: boundaries, headers, a manifest.
    private const int MaximumFormOverhead = 1024 * 1024;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/plugins/validate", ValidateAsync).WithTags("Versions").WithSummary("Says what an upload of the module would say; stores nothing.")
            .Accepts<IFormFile>(Wasm, "application/octet-stream", "multipart/form-data").Produces<Contracts.ModuleReportResponse>().WithProblems(400, 413, 415, 503).WithModuleBody().RequireScope(Scope.Deploy, openToOnePlugin: true, changes: false);
        routes.MapPost("/v1/plugins/{plugin}/versions", UploadAsync).WithTags("Versions").WithSummary("Uploads a module: a new version, live at once. The same bytes again are the same version.")
            .WithDescription("Where `live` points at several versions it stays as it is, and so it does with `activate=false`; with `activate=true` the new version takes all. `digest=sha256:…`, or in front of a module by itself "
                + "`Repr-Digest` or `Content-Digest` (RFC 9530), announces what the module's digest is: other bytes are refused. A detached signature in base64 – ECDSA on P-256 over the SHA-256, or Ed25519 over "
                + "the bytes – is the form's part `signature` or the header `PluginHost-Signature`; it is checked wherever there is one, and needed where the server's policy says so.")
            .Accepts<IFormFile>(Wasm, "application/octet-stream", "multipart/form-data")
            .Produces<PluginVersion>().Produces<PluginVersion>(StatusCodes.Status201Created).WithProblems(400, 413, 415, 422, 503, 507).WithModuleBody().RequireScope(Scope.Deploy);
        routes.MapGet("/v1/plugins/{plugin}/versions", List).WithTags("Versions").WithSummary("Lists a plugin's versions, the newest first.").Produces<VersionPage>().WithProblems(400, 404).RequireScope(Scope.Read);
        routes.MapGet("/v1/plugins/{plugin}/versions/{version}", Get).WithTags("Versions").WithSummary("One version, by ordinal, digest or alias.").Produces<PluginVersion>().Produces(StatusCodes.Status304NotModified).WithProblems(404).RequireScope(Scope.Read);
        routes.MapMethods("/v1/plugins/{plugin}/versions/{version}/wasm", [HttpMethods.Get, HttpMethods.Head], Content).WithTags("Versions").WithSummary("The module's bytes, with ETag and Range.")
            .Produces(StatusCodes.Status200OK).Produces(StatusCodes.Status206PartialContent).Produces(StatusCodes.Status304NotModified).WithProblems(404, 412, 416)
            .WithContent("200", Wasm, isBinary: true).WithContent("206", Wasm, isBinary: true).RequireScope(Scope.Read);
        routes.MapGet("/v1/plugins/{plugin}/versions/{version}/manifest", Manifest).WithTags("Versions").WithSummary("The manifest (plugin.json) that was uploaded beside the module.")
            .Produces<PluginManifest>().WithProblems(404).RequireScope(Scope.Read);
        routes.MapDelete("/v1/plugins/{plugin}/versions/{version}", DeleteAsync).WithTags("Versions").WithSummary("Removes a version that no alias points at.")
            .Produces(StatusCodes.Status204NoContent).WithProblems(404, 409, 412, 503).RequireScope(Scope.Deploy);
        routes.MapGet("/v1/plugins/{plugin}/exports", Exports).WithTags("Invocations").WithSummary("The functions that can be called, with their types.")
            .Produces<Contracts.Exports>().WithProblems(404).RequireScope(Scope.Read);
    }

    private static async Task<IResult> UploadAsync(PluginService plugins, IOptions<PluginHostOptions> options, string plugin, bool? activate, string? digest, HttpContext context)
    {
        var (body, problem) = await OpenAsync(context, options.Value.Limits);

        if (body is null)
            return problem!;

        var announced = AnnouncedDigest.Read(digest, context.Request, isModule: ReferenceEquals(body.Module, context.Request.Body));

        if (announced.Failure is { } unreadable)
            return ProblemResult.Of(unreadable);

        Outcome<UploadResult> upload;

        try
        {
            upload = await plugins.UploadAsync(plugin, body.Module, new UploadOptions(body.Manifest, activate) { Signature = body.Signature, Digest = announced.Value }, context.RequestAborted);
        }
        catch (MalformedFormException)
        {
            return Truncated();
        }

        if (!upload.Succeeded)
            return ProblemResult.Of(upload.Failure);

        var version = upload.Value.Version;
        context.Response.Headers.Location = string.Create(CultureInfo.InvariantCulture, $"/v1/plugins/{plugin}/versions/{version.Ordinal}");
        context.Response.Headers.ETag = Tag(version);
        return TypedResults.Json(version, ApiJsonContext.Default.PluginVersion, statusCode: upload.Value.Created ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    private static async Task<IResult> ValidateAsync(PluginService plugins, IOptions<PluginHostOptions> options, HttpContext context)
    {
        var (body, problem) = await OpenAsync(context, options.Value.Limits);

        if (body is null)
            return problem!;

        Outcome<ModuleReport> validated;

        try
        {
            validated = await plugins.ValidateAsync(body.Module, body.Manifest, context.RequestAborted);
        }
        catch (MalformedFormException)
        {
            return Truncated();
        }

        if (!validated.Succeeded)
            return ProblemResult.Of(validated.Failure);

        return TypedResults.Json(Response(validated.Value), ApiJsonContext.Default.ModuleReportResponse);
    }

    private static IResult List(PluginService plugins, string plugin, int? pageSize, string? pageToken)
    {
        var versions = plugins.Versions(plugin, pageSize ?? PluginEndpoints.DefaultPageSize, pageToken);
        return versions.Succeeded ? TypedResults.Json(versions.Value, ApiJsonContext.Default.VersionPage) : ProblemResult.Of(versions.Failure);
    }

    private static IResult Get(PluginService plugins, string plugin, string version, HttpContext context)
    {
        var found = plugins.Version(plugin, version);

        if (!found.Succeeded)
            return ProblemResult.Of(found.Failure);

        if (EntityTags.IsKnown(context, Tag(found.Value)))
            return TypedResults.StatusCode(StatusCodes.Status304NotModified);

        return TypedResults.Json(found.Value, ApiJsonContext.Default.PluginVersion);
    }

    private static IResult Content(PluginService plugins, string plugin, string version)
    {
        var content = plugins.Content(plugin, version);

        if (!content.Succeeded)
            return ProblemResult.Of(content.Failure);

        try
        {
            // Opened here: once open, a deletion meanwhile does not cut the answer short.
            var file = new FileStream(content.Value.Path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 64 * 1024, useAsync: true);
            return TypedResults.Stream(file, Wasm, lastModified: content.Value.UploadedAt, entityTag: new EntityTagHeaderValue($"\"{content.Value.Digest}\""), enableRangeProcessing: true);
        }
        catch (FileNotFoundException)
        {
            return ProblemResult.Of(new PluginFailure(FailureCode.VersionNotFound, "The version was deleted at this moment."));
        }
    }

    private static IResult Manifest(PluginService plugins, string plugin, string version)
    {
        var manifest = plugins.Manifest(plugin, version);
        return manifest.Succeeded ? TypedResults.Text(manifest.Value, "application/json") : ProblemResult.Of(manifest.Failure);
    }

    private static async Task<IResult> DeleteAsync(
        PluginService plugins, string plugin, string version, [FromHeader(Name = "If-Match")] string? ifMatch, CancellationToken cancellation)
    {
        var deleted = await plugins.DeleteVersionAsync(plugin, version, EntityTags.Condition<PluginVersion>(ifMatch, null, Tag), cancellation);
        return deleted.Succeeded ? TypedResults.NoContent() : ProblemResult.Of(deleted.Failure);
    }

    private static IResult Exports(PluginService plugins, string plugin, string? version)
    {
        var found = plugins.Version(plugin, version);

        return found.Succeeded
            ? TypedResults.Json(new Contracts.Exports(found.Value.Ordinal, found.Value.Metadata.Exports), ApiJsonContext.Default.Exports)
            : ProblemResult.Of(found.Failure);
    }

    /// <summary>The module's bytes in the request, to be read once and as far as the limit allows.</summary>
    private static async Task<(UploadBody? Body, ProblemResult? Problem)> OpenAsync(HttpContext context, PluginHostLimits limits)
    {
        var request = context.Request;

        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type))
            return (null, Unsupported(request.ContentType));

        var isMultipart = type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase);

        // The plugin host counts and stops at its own limit; the server's for other bodies does not apply here, but what stands around a file is bounded too.
        long? maximum = isMultipart ? limits.MaximumModuleBytes + MaximumFormOverhead : null;

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = maximum;

        // A module that is too large by its own word is refused before its first byte.
        if (request.ContentLength > (maximum ?? limits.MaximumModuleBytes))
            return (null, ProblemResult.Of(new PluginFailure(FailureCode.ModuleTooLarge, $"The upload has {request.ContentLength} bytes, and {limits.MaximumModuleBytes} is the limit (PluginHost:Limits:MaximumModuleBytes).")));

        if (type.MediaType.Equals(Wasm, StringComparison.OrdinalIgnoreCase) || type.MediaType.Equals("application/octet-stream", StringComparison.OrdinalIgnoreCase))
            return (new UploadBody(request.Body, null, Header(request)), null);

        if (!isMultipart)
            return (null, Unsupported(request.ContentType));

        return await OpenPartAsync(request, type, context.RequestAborted);
    }

    private static async Task<(UploadBody? Body, ProblemResult? Problem)> OpenPartAsync(HttpRequest request, MediaTypeHeaderValue type, CancellationToken cancellation)
    {
        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).Value;

        if (string.IsNullOrEmpty(boundary) || boundary.Length > 70)
            return (null, BadForm("The content type names no boundary of 1 to 70 characters."));

        var form = new FormUpload(new MultipartReader(boundary, request.Body) { HeadersCountLimit = 16, HeadersLengthLimit = 8 * 1024 });

        try
        {
            return await form.OpenFileAsync(cancellation) is { } file
                ? (new UploadBody(file, form.ManifestAsync, async token => await form.SignatureAsync(token) ?? request.Headers[SignatureHeader].FirstOrDefault()), null)
                : (null, BadForm("The form has no part named \"file\"."));
        }
        catch (MalformedFormException)
        {
            return (null, BadForm("The form ends early, its headers cannot be read, or a part is there twice."));
        }
    }

    private static SignatureSource? Header(HttpRequest request) =>
        request.Headers[SignatureHeader] is [{ } text, ..] ? _ => ValueTask.FromResult<string?>(text) : null;

    /// <summary>Another manifest is another version.</summary>
    private static string Tag(PluginVersion version) => version.ManifestDigest is { } manifest ? $"\"{version.Digest}+{manifest}\"" : $"\"{version.Digest}\"";

    private static ProblemResult Truncated() => BadForm("The form ends before its closing boundary, or has a part twice: the upload was cut short.");

    private static ProblemResult BadForm(string detail) => new(400, "malformed-form", "Malformed form", detail);

    private static ProblemResult Unsupported(string? contentType) => new(
        415, "unsupported-media-type", "Unsupported media type", $"A module is {Wasm}, or the part \"file\" of multipart/form-data, not '{contentType}'.");

    private static Contracts.ModuleReportResponse Response(ModuleReport report) =>
        new(report.Valid, report.Digest, report.Size, report.Metadata, report.Problem is { } failure ? ProblemResult.Describe(failure) : null);
}
