using System.CommandLine;
using System.Globalization;
using PluginHost.Cli.CommandLine;
using PluginHost.Cli.Output;
using PluginHost.Cli.Server;
using PluginHost.Plugins.Backups;

namespace PluginHost.Cli.Commands;

/// <summary>Fetches a backup of the server and checks it.</summary>
internal sealed class BackupCommand : ToolCommand
{
    private readonly Argument<FileInfo> _file = new("file") { Description = "Where the backup goes; a file that is there is replaced once the new one is whole", HelpName = "FILE" };
    private readonly Option<bool> _check = new("--check") { Description = "Check a backup that was made before, without a server" };

    public BackupCommand()
        : base(
            "backup",
            "Fetches a backup of the server while it runs, and checks every digest in it. It takes a key with the scope admin. It holds the secrets of all plugins.",
            new Example("pluginhost backup pluginhost.tar", "everything: plugins, versions, aliases, keys, stores, the audit log"),
            new Example("pluginhost backup --check pluginhost.tar", "whether it is whole; 'PluginHost.Api restore FILE' puts it into an empty data directory"))
    {
        Add(_file);
        Add(_check);
    }

    protected override async Task<ExitCode> RunAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        var file = parsed.GetValue(_file)!;

        if (parsed.GetValue(_check))
            return Say(terminal, file, await CheckAsync(file, cancellation));

        var part = new FileInfo(file.FullName + ".part");

        try
        {
            using (var server = ServerClient.Of(parsed))
            using (var answer = await server.BackupAsync(cancellation))
            {
                await using var output = new FileStream(part.FullName, FileMode.Create, FileAccess.Write, FileShare.None);
                await answer.Content.CopyToAsync(output, cancellation);
                output.Flush(flushToDisk: true);
            }

            var manifest = await CheckAsync(part, cancellation);
            part.MoveTo(file.FullName, overwrite: true);
            return Say(terminal, file, manifest);
        }
        finally
        {
            File.Delete(file.FullName + ".part");
        }
    }

    private static async Task<BackupManifest> CheckAsync(FileInfo file, CancellationToken cancellation)
    {
        try
        {
            await using var archive = file.OpenRead();
            return await BackupArchive.ReadAsync(archive, null, cancellation);
        }
        catch (DamagedBackupException exception)
        {
            throw new ToolException(ExitCode.Usage, "damaged-backup", "Damaged backup", exception.Message);
        }
    }

    private static ExitCode Say(Terminal terminal, FileInfo file, BackupManifest manifest)
    {
        if (terminal.Json)
            terminal.WriteJson(new BackupSummary(file.FullName, manifest.CreatedAt, manifest.Modules.Count, manifest.Size), CliJsonContext.Default.BackupSummary);
        else
            terminal.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{file.Name}: the catalog of {manifest.CreatedAt:yyyy-MM-dd HH:mm:ss}Z and {manifest.Modules.Count} modules, {manifest.Size} bytes, whole"));

        return ExitCode.Ok;
    }
}
