using System.Buffers;
using System.Text.Json;
using PluginHost.Api.Problems;
using PluginHost.Api.Scalars;
using PluginHost.Plugins.HostFunctions.Calls;
using PluginHost.Plugins.Invocation;

namespace PluginHost.Api.Endpoints;

/// <summary>Calls from plugin to plugin, in the JSON that an invocation over HTTP has.</summary>
internal sealed class PluginCalls(Invoker invoker) : IPluginCalls
{
    public async Task<PluginCallAnswer> InvokeAsync(PluginCall call, CancellationToken cancellation)
    {
        var resolved = await invoker.ResolveAsync(call.Plugin, null, call.Export, cancellation);

        if (!resolved.Succeeded)
            return Problem(ProblemResult.Of(resolved.Failure));

        var target = resolved.Value;
        var values = new ulong[target.Type.Parameters.Length];
        var bytes = target.Signature.TakesBytes ? new ArgumentBytes() : null;

        if (InvocationEndpoints.Invalid(ScalarReader.ReadInvocation(call.Arguments.Span, target.Signature, values, bytes), target) is { } wrong)
            return Problem(wrong);

        var results = new ulong[target.Type.Results.Length];
        var result = await invoker.InvokeAsync(target, new CallArguments(values, bytes?.Written ?? default), results, call.Deadline, call.Chain, cancellation);

        return result.Succeeded
            ? new PluginCallAnswer(true, Written(writer => ScalarWriter.WriteResults(writer, target.Signature, results, result.Bytes.Span, default)))
            : Problem(ProblemResult.Of(result.Failure, CallRequest.Signature(target)));
    }

    private static PluginCallAnswer Problem(ProblemResult problem) => new(false, Written(problem.Write));

    private static ReadOnlyMemory<byte> Written(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        write(json);
        json.Flush();
        return buffer.WrittenMemory;
    }
}
