namespace PluginHost.Plugins.HostFunctions;

/// <summary>Why a host function has no result. A guest gets the number itself in place of a length or value, which are never negative.</summary>
public enum HostError
{
    NotFound = -1,

    /// <summary>What was to be replaced is not what the guest thinks it is.</summary>
    Conflict = -2,

    LimitReached = -3,

    /// <summary>The plugin's configuration grants no such thing.</summary>
    Denied = -4,

    InvalidArgument = -5,

    /// <summary>Anything else; the text says what.</summary>
    Failed = -6,

    /// <summary>The time that the guest itself set has passed. The invocation's own deadline ends the guest instead.</summary>
    DeadlineExceeded = -7,
}
