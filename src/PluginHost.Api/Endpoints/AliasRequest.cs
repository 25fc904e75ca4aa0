using System.Text.Json.Serialization;
using PluginHost.Plugins.Aliases;

namespace PluginHost.Api.Endpoints;

/// <summary>Where an alias is to point.</summary>
/// <param name="Targets">Versions by ordinal; a weight that is left out is 100.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record AliasRequest(IReadOnlyList<AliasTarget> Targets);
