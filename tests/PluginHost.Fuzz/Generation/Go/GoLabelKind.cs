namespace PluginHost.Fuzz.Generation.Go;

internal enum GoLabelKind
{
    /// <summary>Branches go forward and carry nothing.</summary>
    Block,

    /// <summary>Branches go back and carry nothing.</summary>
    Loop,

    /// <summary>Branches carry values.</summary>
    Valued,
}
