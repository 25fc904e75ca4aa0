namespace PluginHost.Soak;

/// <summary>What the server has said of an upload.</summary>
internal enum LedgerState
{
    /// <summary>Sent in whole and not answered: it may be there, whole, or not.</summary>
    Unanswered,

    /// <summary>Acknowledged: it must be there.</summary>
    Present,

    /// <summary>Its deletion was sent and not answered: it may be there, whole, or not.</summary>
    Deleting,

    /// <summary>Its deletion was acknowledged: it must not be there.</summary>
    Deleted,

    /// <summary>Never sent in whole, or refused: it must not be there.</summary>
    Refused,
}
