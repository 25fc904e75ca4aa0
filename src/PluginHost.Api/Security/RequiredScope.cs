using PluginHost.Plugins.Access;

namespace PluginHost.Api.Security;

/// <summary>The scope that an endpoint asks of its callers. An endpoint that has none is denied to everybody.</summary>
/// <param name="IsOpenToOnePlugin">Whether callers that are restricted to one plugin may use it although its route names none.</param>
internal sealed record RequiredScope(Scope Scope, bool IsOpenToOnePlugin);
