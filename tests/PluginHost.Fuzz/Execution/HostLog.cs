namespace PluginHost.Fuzz.Execution;

/// <summary>What an instance gave to host functions.</summary>
internal sealed class HostLog
{
    public ulong Digest { get; private set; }

    public void Add(ulong bits) => Digest = Execution.Digest.Add(Digest, bits);
}
