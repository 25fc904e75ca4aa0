namespace PluginHost.Plugins.Loading;

/// <summary>An imported function and its type, in the names of the text format.</summary>
public sealed record ImportDescription(string Module, string Name, IReadOnlyList<string> Parameters, IReadOnlyList<string> Results);
