namespace PluginHost.Plugins.Invocation;

/// <summary>The arguments of one call.</summary>
/// <param name="Values">A number for each slot, as bits; for bytes the place of the first one in <paramref name="Bytes"/> and how many they are.</param>
/// <param name="Bytes">What is to stand in the plugin's memory, each argument's from a multiple of 8 on.</param>
public readonly record struct CallArguments(ReadOnlyMemory<ulong> Values, ReadOnlyMemory<byte> Bytes = default)
{
    /// <summary>Where an argument may begin.</summary>
    public const int Alignment = 8;

    /// <summary>The arguments of a function that takes nothing but one string of bytes.</summary>
    public static CallArguments OfBody(CallSignature signature, ReadOnlyMemory<byte> body)
    {
        var values = new ulong[signature.SlotCount];

        if (signature.Parameters is [{ } parameter])
            values[parameter.Slot + 1] = (ulong)body.Length;

        return new CallArguments(values, body);
    }
}
