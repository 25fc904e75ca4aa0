namespace PluginHost.Api.WebConsole;

/// <summary>Says of an endpoint that it is a part of the console, and no address of the API.</summary>
/// <param name="IsOpen">Whether it is there for those who have not signed in.</param>
internal sealed record ConsolePage(bool IsOpen);
