namespace PluginHost.Plugins.Backups;

/// <summary>An archive is no backup, or not all of one; the message says why.</summary>
public sealed class DamagedBackupException(string message, Exception? inner = null) : Exception(message, inner);
