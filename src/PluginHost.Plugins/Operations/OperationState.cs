namespace PluginHost.Plugins.Operations;

/// <summary>How far an operation is.</summary>
public enum OperationState
{
    /// <summary>It waits for its turn.</summary>
    Queued,

    /// <summary>The guest runs, or is about to.</summary>
    Running,

    /// <summary>There is a result.</summary>
    Succeeded,

    /// <summary>There is a problem instead.</summary>
    Failed,

    /// <summary>It was cancelled before it had a result.</summary>
    Cancelled,
}
