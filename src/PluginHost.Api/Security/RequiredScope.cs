using PluginHost.Plugins.Access;

namespace PluginHost.Api.Security;

/// <summary>The scope that an endpoint asks of its callers. An endpoint that has none is denied to everybody.</summary>
/// <param name="IsChange">Whether what is not only asked for changes something, which the audit log then has.</param>
/// <param name="IsOpenToOnePlugin">Whether callers that are restricted to one plugin may use it although its route names none.</param>
internal sealed record RequiredScope(Scope Scope, bool IsChange, bool IsOpenToOnePlugin);
