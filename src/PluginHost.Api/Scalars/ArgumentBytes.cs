using System.Buffers;
using PluginHost.Plugins.Invocation;

namespace PluginHost.Api.Scalars;

/// <summary>The arguments of one call that are to stand in the plugin's memory, one behind another.</summary>
internal sealed class ArgumentBytes
{
    private readonly ArrayBufferWriter<byte> _buffer = new();

    public ReadOnlyMemory<byte> Written => _buffer.WrittenMemory;

    /// <summary>Room for the next argument.</summary>
    /// <param name="offset">Where it begins.</param>
    public Span<byte> Begin(int length, out ulong offset)
    {
        var padding = -_buffer.WrittenCount & (CallArguments.Alignment - 1);

        if (padding > 0)
        {
            _buffer.GetSpan(padding)[..padding].Clear();
            _buffer.Advance(padding);
        }

        offset = (ulong)_buffer.WrittenCount;
        return _buffer.GetSpan(Math.Max(length, 1))[..length];
    }

    /// <summary>The argument has taken so much of its room.</summary>
    public void End(int length) => _buffer.Advance(length);
}
