namespace PluginHost.Api.Calls;

/// <summary>Answers a call of an export.</summary>
internal delegate Task CallHandler(string plugin, string export, HttpContext context);
