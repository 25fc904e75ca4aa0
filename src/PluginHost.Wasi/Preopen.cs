namespace PluginHost.Wasi;

/// <summary>A directory of the host's that a guest may use.</summary>
/// <param name="HostPath">The directory; it must exist.</param>
/// <param name="GuestPath">The absolute path by which the guest knows it. Go takes the first one as the working directory.</param>
/// <param name="IsReadOnly">Whether nothing in it may be changed.</param>
public sealed record Preopen(string HostPath, string GuestPath, bool IsReadOnly);
