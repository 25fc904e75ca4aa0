using System.Globalization;
using PluginHost.Plugins;
using PluginHost.Plugins.Backups;

namespace PluginHost.Api.Starting;

/// <summary>The argument <c>restore FILE</c>: puts a backup into the empty data directory of a server that is not running.</summary>
internal static class RestoreCommand
{
    public const string Name = "restore";

    /// <param name="args">The file, and settings as the server takes them.</param>
    /// <returns>The exit code, of the same meaning as the server's.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter errors)
    {
        try
        {
            if (args is not [{ } file, .. var settings] || file.StartsWith('-'))
                throw new PluginHostStartException("Name the backup: restore FILE [--PluginHost:DataDirectory DIRECTORY].");

            var configuration = WebApplication.CreateBuilder(settings).Configuration;
            var directory = configuration[$"{PluginHostOptions.Section}:{nameof(PluginHostOptions.DataDirectory)}"] ?? new PluginHostOptions().DataDirectory;
            await using var archive = Open(file);
            var manifest = await BackupRestore.RunAsync(archive, directory, CancellationToken.None);

            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture, $"Restored {manifest.Modules.Count} modules and the catalog of {manifest.CreatedAt:yyyy-MM-dd HH:mm:ss}Z into '{Path.GetFullPath(directory)}'. The server can be started."));
            return 0;
        }
        catch (Exception exception) when (StartFailures.Describe(exception) is { } described)
        {
            await errors.WriteLineAsync($"The backup was not restored: {described.Reason.ReplaceLineEndings(" ")}");
            return (int)described.Failure;
        }
    }

    private static FileStream Open(string file)
    {
        try
        {
            return new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 128 * 1024, useAsync: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new PluginHostStartException($"The backup cannot be read: {exception.Message}", StartFailure.Configuration, exception);
        }
    }
}
