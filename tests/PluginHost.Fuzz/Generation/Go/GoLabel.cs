namespace PluginHost.Fuzz.Generation.Go;

/// <summary>A label that code stands in.</summary>
internal sealed class GoLabel(GoLabelKind kind, GoDispatch? dispatch = null)
{
    public GoLabelKind Kind { get; } = kind;

    /// <summary>For a loop that dispatches: how.</summary>
    public GoDispatch? Dispatch { get; } = dispatch;
}
