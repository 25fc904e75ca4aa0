namespace PluginHost.Plugins;

/// <summary>What becomes of an instance after an invocation.</summary>
public enum InstanceFate
{
    /// <summary>It goes back to its pool.</summary>
    Kept,

    /// <summary>Its state cannot be trusted any more: it is thrown away and replaced.</summary>
    Discarded,
}
