namespace PluginHost.Plugins.Catalog;

/// <summary>What the recovery found.</summary>
/// <param name="Missing">Digests that the catalog names and whose file is gone or of another size.</param>
internal sealed record ModuleRecovery(int Unfinished, int Orphaned, IReadOnlyList<string> Missing);
