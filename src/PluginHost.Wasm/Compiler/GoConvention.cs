namespace PluginHost.Wasm.Compiler;

/// <summary>What functions in Go's convention return besides SP; see <see cref="Signature"/>.</summary>
internal static class GoConvention
{
    /// <summary>The result is not 0, and stands in the context.</summary>
    public const long OtherResult = -1;

    /// <summary>The function was to be entered in the middle and was not: nothing has happened.</summary>
    public const long Refused = -2;
}
