using PluginHost.Wasm.Runtime;

namespace PluginHost.Plugins.Invocation;

/// <summary>Where a guest says that its result stands: the pointer in the upper half, the length in the lower, with the highest bit of that for an error.</summary>
internal readonly record struct PackedResult(ulong Bits)
{
    private const uint ErrorFlag = 0x8000_0000;

    public uint Pointer => (uint)(Bits >> 32);

    public uint Length => (uint)Bits & ~ErrorFlag;

    public bool IsError => ((uint)Bits & ErrorFlag) != 0;

    /// <summary>Copies the bytes: the guest may overwrite them in its next call.</summary>
    public PluginFailure? Take(LinearMemory? memory, int maximum, out byte[] bytes)
    {
        bytes = [];

        // Before anything else: what is not in the memory is a lie, however long it is.
        if (memory is null || !memory.TryGetSpan(Pointer, Length, out var span))
        {
            return new PluginFailure(
                FailureCode.InvalidResult,
                $"The plugin says that its result has {Length} bytes at address {Pointer}, and its memory has {memory?.ByteLength ?? 0} bytes.");
        }

        if (Length > (uint)maximum)
        {
            return new PluginFailure(FailureCode.InvalidResult, $"The plugin's result has {Length} bytes, and {maximum} is the limit.")
            {
                Instance = InstanceFate.Kept,
            };
        }

        bytes = span.ToArray();
        return null;
    }
}
