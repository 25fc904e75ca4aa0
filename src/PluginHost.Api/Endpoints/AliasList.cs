using PluginHost.Plugins.Aliases;

namespace PluginHost.Api.Endpoints;

/// <summary>A plugin's aliases by name.</summary>
internal sealed record AliasList(IReadOnlyList<Alias> Aliases);
