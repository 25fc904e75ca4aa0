namespace PluginHost.Plugins.Operations;

/// <summary>Operations, the newest first.</summary>
/// <param name="NextPageToken">Asks for the page behind this one; null at the end.</param>
public sealed record OperationPage(IReadOnlyList<Operation> Items, string? NextPageToken);
