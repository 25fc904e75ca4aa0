namespace PluginHost.Cli.Server;

/// <summary>A backup that is whole.</summary>
/// <param name="Bytes">Of the files in it.</param>
internal sealed record BackupSummary(string File, DateTimeOffset CreatedAt, int Modules, long Bytes);
