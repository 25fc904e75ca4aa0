namespace PluginHost.Plugins.Operations;

/// <summary>Makes calls that have come as HTTP messages. It is the API's part: a host without one runs no operations.</summary>
public interface ICallMessages
{
    /// <param name="isRepeatable">Whether the guest may run again where an instance has failed.</param>
    /// <exception cref="OperationCanceledException">The call was given up.</exception>
    Task<CallAnswer> RunAsync(CallMessage message, bool isRepeatable, CancellationToken cancellation);

    /// <summary>What a failure is answered with.</summary>
    CallAnswer Answer(PluginFailure failure);
}
