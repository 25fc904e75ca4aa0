namespace PluginHost.Plugins.Operations;

/// <summary>A caller's own name for a request, by which a repetition is known.</summary>
/// <param name="Caller">Others' keys are others.</param>
/// <param name="Fingerprint">A digest of the request: another one under the same key is a mistake.</param>
public sealed record IdempotencyKey(string Plugin, string Caller, string Key, byte[] Fingerprint)
{
    /// <summary>What is the same for a request and its repetition.</summary>
    internal (string Plugin, string Caller, string Key) Name => (Plugin, Caller, Key);
}
