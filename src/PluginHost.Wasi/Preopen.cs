namespace PluginHost.Wasi;

/// <summary>A directory of the host's that a guest may use.</summary>
/// <param name="HostPath">The directory; it must exist.</param>
/// <param name="GuestPath">The absolute path by which the guest knows it. Go takes the first one as the working directory.</param>
/// <param name="IsReadOnly">Whether nothing in it may be changed.</param>
public sealed record Preopen(string HostPath, string GuestPath, bool IsReadOnly)
{
    /// <summary>
    /// The directory of the host's that <see cref="HostPath"/> must lie in when it is opened, whatever somebody who may write there has put in its way since it
    /// was looked at. Null where nobody else can.
    /// </summary>
    public string? Within { get; init; }

    /// <summary>
    /// Whether character devices in it can be opened, as <c>/dev/null</c> is. Not for guests that are not trusted: a device does what it likes, and may keep the
    /// host waiting.
    /// </summary>
    public bool IncludesDevices { get; init; }
}
