namespace PluginHost.Plugins.Backups;

/// <summary>A file of a backup.</summary>
/// <param name="Digest"><c>sha256:</c> and 64 hexadecimal digits.</param>
/// <param name="Size">In bytes.</param>
public sealed record BackupFile(string Digest, long Size);
