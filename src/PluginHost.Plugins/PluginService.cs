using PluginHost.Plugins.Invocation;
using PluginHost.Plugins.Loading;
using PluginHost.Plugins.Telemetry;

namespace PluginHost.Plugins;

/// <summary>The plugins, their versions and what is known of them. Calling them is <see cref="Invoker"/>'s.</summary>
public sealed class PluginService
{
    /// <summary>What this server is and offers.</summary>
    public HostDescription Describe() => throw new NotImplementedException();

    /// <summary>A page of plugins in the order of their names.</summary>
    /// <param name="pageToken">From the page before, or null for the first.</param>
    public Outcome<PluginPage> List(int pageSize, string? pageToken) => throw new NotImplementedException();

    public Outcome<Plugin> Get(string plugin) => throw new NotImplementedException();

    /// <summary>Creates a plugin or replaces its configuration; instances with the old one end when they are idle.</summary>
    /// <param name="expectedRevision">The revision that must be the present one (If-Match); null for any. 0 for If-Match: * where there may be none.</param>
    /// <param name="mustNotExist">Whether the plugin must be new (If-None-Match: *).</param>
    public Task<Outcome<PluginPutResult>> PutAsync(
        string plugin, PluginConfiguration configuration, long? expectedRevision, bool mustNotExist, CancellationToken cancellation) => throw new NotImplementedException();

    /// <summary>Removes a plugin and all that belongs to it, after its running invocations have ended or been interrupted.</summary>
    public Task<Outcome<Plugin>> DeleteAsync(string plugin, long? expectedRevision, CancellationToken cancellation) => throw new NotImplementedException();

    /// <summary>Makes a version of the bytes: the same bytes again are the same version, and a plugin that is not there yet is created.</summary>
    /// <param name="body">Read to its end or to the limit. What it throws while it is read is passed on, and nothing is left behind.</param>
    public Task<Outcome<UploadResult>> UploadAsync(string plugin, Stream body, CancellationToken cancellation) => throw new NotImplementedException();

    /// <summary>Says what an upload would say, the start of an instance included, and stores nothing. Fails only where the bytes cannot be taken in.</summary>
    public Task<Outcome<ModuleReport>> ValidateAsync(Stream body, CancellationToken cancellation) => throw new NotImplementedException();

    /// <summary>A plugin's versions, the newest first.</summary>
    public Outcome<IReadOnlyList<PluginVersion>> Versions(string plugin) => throw new NotImplementedException();

    /// <summary>One version.</summary>
    /// <param name="version">Its ordinal, its digest, or an alias; null for <c>live</c>.</param>
    public Outcome<PluginVersion> Version(string plugin, string? version) => throw new NotImplementedException();

    /// <summary>Where the bytes of a version are.</summary>
    public Outcome<ModuleContent> Content(string plugin, string version) => throw new NotImplementedException();

    /// <summary>Removes a version that no alias points at.</summary>
    public Task<Outcome<PluginVersion>> DeleteVersionAsync(string plugin, string version, CancellationToken cancellation) => throw new NotImplementedException();

    public Outcome<PluginStatistics> Statistics(string plugin) => throw new NotImplementedException();

    /// <summary>The lines of a plugin's log that are still kept, the oldest first.</summary>
    /// <param name="after">Only lines behind this sequence number.</param>
    public Outcome<IReadOnlyList<PluginLogLine>> Logs(string plugin, long after = 0, int maximum = int.MaxValue) => throw new NotImplementedException();

    /// <summary>Follows a plugin's log: the kept lines behind <paramref name="after"/>, then each new one. A reader that is too slow misses the oldest.</summary>
    public Outcome<LogSubscription> FollowLogs(string plugin, long after = long.MaxValue) => throw new NotImplementedException();
}
