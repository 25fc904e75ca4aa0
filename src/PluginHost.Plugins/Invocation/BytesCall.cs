using PluginHost.Plugins.Loading;
using PluginHost.Plugins.Pooling;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Plugins.Invocation;

/// <summary>A call with values that stand in the guest's memory: puts the arguments there, calls, and copies the result out.</summary>
/// <param name="maximumResult">In bytes.</param>
internal sealed class BytesCall(
    GuestInstance guest, InvocationTarget target, CallArguments arguments, Memory<ulong> results, ExecutionBudget budget, int maximumResult, TimeProvider clock)
{
    private readonly long _begin = clock.GetTimestamp();

    /// <summary>Why there is no result although the guest returned.</summary>
    public PluginFailure? Failure { get; private set; }

    /// <summary>The result, where it is one of bytes.</summary>
    public byte[] Result { get; private set; } = [];

    public void Run()
    {
        var signature = target.Signature;
        var values = arguments.Values.ToArray();

        // 1. The arguments, and from places among them to addresses.
        if (signature.TakesBytes)
        {
            Failure = Place(out var address);

            if (Failure is not null)
                return;

            foreach (var parameter in signature.Parameters)
            {
                if (values.Length > parameter.Slot + 1 && Manifests.DeclaredTypes.IsInMemory(parameter.Type))
                    values[parameter.Slot] += address;
            }
        }

        if (target.Handler is { } handler)
            values[0] = (ulong)handler;

        // 2. The call itself.
        guest.Instance.Invoke(guest.Function(target.Index), values, results.Span, Remaining());

        // 3. The result, before anything else runs in the instance.
        if (!signature.GivesBytes)
            return;

        var packed = new PackedResult(results.Span[0]);
        Failure = packed.Take(guest.Instance.Memory, packed.IsError ? Math.Max(maximumResult, HandlerList.MaximumBytes) : maximumResult, out var bytes);
        Failure ??= packed.IsError ? ResultBytes.Error(bytes) : ResultBytes.Refusal(signature.Results[0].Type, bytes);

        if (Failure is null)
            Result = bytes;
    }

    private PluginFailure? Place(out uint address)
    {
        var bytes = arguments.Bytes.Span;
        var length = (uint)bytes.Length;
        var memory = guest.Instance.Memory;
        address = 0;

        if (length <= ArgumentArea.Length && guest.Module.HasArgumentArea)
        {
            address = ArgumentArea.Begin;
        }
        else if (length == 0)
        {
            return null;
        }
        else
        {
            Span<ulong> offered = stackalloc ulong[1];

            guest.Instance.Invoke(guest.Function(guest.Module.BufferIndex), [length], offered, budget);
            address = (uint)offered[0];

            if (address == 0)
            {
                return new PluginFailure(FailureCode.ArgumentTooLarge, $"The plugin's {ReservedExports.Buffer} refuses the {length} bytes of the arguments.")
                {
                    Instance = InstanceFate.Kept,
                };
            }
        }

        if (memory is null || !memory.TryGetSpan(address, length, out var place))
            return new PluginFailure(FailureCode.InvalidResult, $"The plugin's {ReservedExports.Buffer} offers {length} bytes at address {address}, and its memory has {memory?.ByteLength ?? 0} bytes.");

        bytes.CopyTo(place);
        return null;
    }

    /// <summary>The guest's buffer has used up some of the time.</summary>
    private ExecutionBudget Remaining()
    {
        if (budget.Timeout is not { } timeout)
            return budget;

        var remaining = timeout - clock.GetElapsedTime(_begin);
        return budget with { Timeout = remaining > TimeSpan.Zero ? remaining : TimeSpan.Zero };
    }
}
