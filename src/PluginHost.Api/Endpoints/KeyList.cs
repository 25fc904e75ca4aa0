using PluginHost.Plugins.Access;

namespace PluginHost.Api.Endpoints;

/// <summary>All keys, the newest first.</summary>
internal sealed record KeyList(IReadOnlyList<AccessKey> Items);
