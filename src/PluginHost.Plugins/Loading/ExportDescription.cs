namespace PluginHost.Plugins.Loading;

/// <summary>An exported function and its type, in the names of the text format.</summary>
public sealed record ExportDescription(string Name, IReadOnlyList<string> Parameters, IReadOnlyList<string> Results);
