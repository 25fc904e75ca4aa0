namespace PluginHost.Plugins;

/// <summary>A directory of the host that a guest may use.</summary>
/// <param name="Host">Its absolute path on the host, within one of <see cref="PluginHostOptions.GuestFileRoots"/>.</param>
/// <param name="Guest">Its absolute path as the guest sees it.</param>
public sealed record DirectoryGrant(string Host, string Guest, bool ReadOnly = true);
