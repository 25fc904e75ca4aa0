namespace PluginHost.Wasi;

/// <summary>The guest ended itself with <c>proc_exit</c> or <c>proc_raise</c>: its call does not return, and the instance must not be used again.</summary>
public sealed class ProcessExitException(uint code) : Exception($"the guest exited with code {unchecked((int)code)}")
{
    /// <summary>The code as the guest gave it; 128 + the signal for <c>proc_raise</c>.</summary>
    public uint Code { get; } = code;
}
