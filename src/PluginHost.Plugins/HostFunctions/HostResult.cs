using System.Text;

namespace PluginHost.Plugins.HostFunctions;

/// <summary>
/// What a host function gives back as an i64: a value, the length of bytes that the guest fetches with <c>take</c>, or an error, with a text that is fetched
/// in the same way.
/// </summary>
public readonly struct HostResult
{
    private HostResult(long number, ReadOnlyMemory<byte>? bytes)
    {
        Number = number;
        Bytes = bytes;
    }

    /// <summary>What the guest sees at once.</summary>
    internal long Number { get; }

    /// <summary>What the guest can take; null to leave what there was.</summary>
    internal ReadOnlyMemory<byte>? Bytes { get; }

    /// <param name="value">Not negative: negative numbers are errors.</param>
    public static HostResult Value(long value) => new(value, null);

    public static HostResult Taken(ReadOnlyMemory<byte> bytes) => new(bytes.Length, bytes);

    public static HostResult Taken(string text) => Taken(Encoding.UTF8.GetBytes(text));

    /// <param name="text">For whoever wrote the guest.</param>
    public static HostResult Error(HostError error, string text) => new((long)error, Encoding.UTF8.GetBytes(text));

    /// <param name="text">What a guest takes that wants to know more, in the function's own form.</param>
    public static HostResult Error(HostError error, ReadOnlyMemory<byte> text) => new((long)error, text);

    public static implicit operator HostResult(HostError error) => new((long)error, ReadOnlyMemory<byte>.Empty);
}
