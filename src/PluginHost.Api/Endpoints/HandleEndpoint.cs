using System.Text.Unicode;
using PluginHost.Api.Calls;
using PluginHost.Api.OpenApi;
using PluginHost.Api.Problems;
using PluginHost.Api.Security;
using PluginHost.Plugins;
using PluginHost.Plugins.Access;
using PluginHost.Plugins.Invocation;
using PluginHost.Plugins.Manifests;
using PluginHost.Plugins.Operations;

namespace PluginHost.Api.Endpoints;

/// <summary>Calls with whole bodies: the request's is the argument, the answer's is the result.</summary>
internal static class HandleEndpoint
{
    public const string Action = "handle";

    private const string Json = "application/json";
    private const string Bytes = "application/octet-stream";

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/v1/plugins/{plugin}/exports/{export}/handle", HandleAsync)
        .WithTags("Invocations").WithSummary("Calls a handler, or an export from one body to another.")
        .WithDescription("For handlers of the SDK, and for exports whose manifest declares one parameter of string, bytes or json, or none, and such a result, or none. JSON is application/json, text is text/plain; bytes are of any content type, and answered as the one that the manifest declares.")
        .Produces(StatusCodes.Status200OK).Produces(StatusCodes.Status204NoContent)
        .WithProblems(400, 404, 409, 413, 415, 422, 429, 503, 504, 507).Produces<Operation>(StatusCodes.Status202Accepted)
        .WithBinaryBody(Bytes, "text/plain").WithContent("200", Bytes, isBinary: true).WithHandleParameters().RequireScope(Scope.Invoke);

    /// <summary>What a result of the type is answered as.</summary>
    public static string ContentType(CallResult result) => result.Type switch
    {
        DeclaredType.Json => Json,
        DeclaredType.String => "text/plain; charset=utf-8",
        _ => result.ContentType ?? Bytes,
    };

    /// <summary>Whether a function is one from a body, or nothing, to a body, or nothing.</summary>
    public static bool Takes(CallSignature signature) =>
        signature.Parameters is [] or [{ Type: DeclaredType.String or DeclaredType.Bytes or DeclaredType.Json }]
        && signature.Results is [] or [{ Type: DeclaredType.String or DeclaredType.Bytes or DeclaredType.Json }];

    private static Task HandleAsync(string plugin, string export, HttpContext context) => DetachedCalls.Ask(context.Request)
        ? DetachedCalls.RunAsync(context, plugin, export, Action, AnswerAsync)
        : AnswerAsync(plugin, export, context);

    public static async Task AnswerAsync(string plugin, string export, HttpContext context)
    {
        var (request, problem) = await CallRequest.ReadAsync(context, plugin, export);

        if (problem is not null)
        {
            await problem.ExecuteAsync(context);
            return;
        }

        var target = request.Target;
        var signature = target.Signature;
        byte[] body = [];

        if (Unsupported(context.Request, target) is { } unsupported)
        {
            await unsupported.ExecuteAsync(context);
            return;
        }

        var wrong = await CallRequest.ReadBodyAsync(context, received =>
        {
            body = received.ToArray();
            return Invalid(received, target);
        });

        if (wrong is not null)
        {
            await wrong.ExecuteAsync(context);
            return;
        }

        var results = new ulong[target.Type.Results.Length];
        var result = await request.InvokeAsync(context, CallArguments.OfBody(signature, body), results, request.Deadline);

        if (!result.Succeeded)
        {
            await ProblemResult.Of(result.Failure, CallRequest.Signature(target)).ExecuteAsync(context);
            return;
        }

        var response = context.Response;
        request.Describe(response, result);

        if (signature.Results is not [{ } given])
        {
            response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        response.ContentType = ContentType(given);
        response.ContentLength = result.Bytes.Length;

        // A plugin's page is not the server's: shown in a browser, it must not act as one of this site.
        response.Headers.ContentSecurityPolicy = "sandbox";
        await response.BodyWriter.WriteAsync(result.Bytes, context.RequestAborted);
    }

    private static ProblemResult? Unsupported(HttpRequest request, InvocationTarget target)
    {
        if (!Takes(target.Signature))
        {
            return ProblemResult.Of(
                new PluginFailure(FailureCode.UnsupportedSignature, $"The function is not one from a body to a body: it is {CallRequest.Signature(target)}. Call it by /invoke."),
                CallRequest.Signature(target));
        }

        return target.Signature.Parameters is [{ Type: DeclaredType.Json }] && !request.HasJsonContentType()
            ? new ProblemResult(415, "unsupported-media-type", "Unsupported media type", "The function takes application/json.")
            : null;
    }

    private static ProblemResult? Invalid(ReadOnlySpan<byte> body, InvocationTarget target)
    {
        if (target.Signature.Parameters is not [{ } parameter])
            return body.IsEmpty ? null : new ProblemResult(400, "wrong-arity", "Invalid body", "The function takes nothing, and the request has a body.");

        if (parameter.Type == DeclaredType.Json && JsonText.Problem(body) is { } problem)
            return new ProblemResult(400, "malformed-json", "Malformed JSON", $"The body is not valid JSON: {problem}");

        return parameter.Type == DeclaredType.String && !Utf8.IsValid(body)
            ? new ProblemResult(400, "malformed-text", "Malformed text", "The body is not UTF-8, and the function takes text.")
            : null;
    }
}
