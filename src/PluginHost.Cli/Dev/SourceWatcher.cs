using System.Threading.Channels;
using PluginHost.Cli.CommandLine;

namespace PluginHost.Cli.Dev;

/// <summary>Tells when a folder's source has changed and has been quiet for a moment: one save is several events, and a checkout hundreds.</summary>
internal sealed class SourceWatcher : IDisposable
{
    private static readonly TimeSpan s_quiet = TimeSpan.FromMilliseconds(200);

    /// <summary>What builds write themselves.</summary>
    private static readonly string[] s_products = [".wasm", ".tmp", "~"];

    // One that is full already says all there is to say.
    private readonly Channel<bool> _changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly FileSystemWatcher _watcher;
    private readonly string _folder;

    public SourceWatcher(string folder)
    {
        _folder = folder;

        try
        {
            _watcher = new FileSystemWatcher(folder) { IncludeSubdirectories = true };
            _watcher.Changed += (_, change) => Note(change.FullPath);
            _watcher.Created += (_, change) => Note(change.FullPath);
            _watcher.Deleted += (_, change) => Note(change.FullPath);
            _watcher.Renamed += (_, change) => Note(change.FullPath);

            // Events were lost: anything may have changed.
            _watcher.Error += (_, _) => _changes.Writer.TryWrite(true);
            _watcher.EnableRaisingEvents = true;
        }
        catch (IOException exception)
        {
            throw ToolException.Usage($"'{folder}' cannot be watched: {exception.Message}");
        }
    }

    /// <summary>Returns when something has changed since the last time and nothing has for a moment.</summary>
    public async Task WaitAsync(TimeProvider clock, CancellationToken cancellation)
    {
        await _changes.Reader.ReadAsync(cancellation);

        do
        {
            await Task.Delay(s_quiet, clock, cancellation);
        }
        while (_changes.Reader.TryRead(out _));
    }

    public void Dispose() => _watcher.Dispose();

    /// <summary>Whether a file is source: neither a product nor an editor's or a version control's own.</summary>
    internal static bool IsSource(string relativePath) =>
        !s_products.Any(product => relativePath.EndsWith(product, StringComparison.Ordinal))
        && Path.GetFileName(relativePath) != "plugin.json"
        && !relativePath.Split(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar).Any(part => part.StartsWith('.'));

    private void Note(string path)
    {
        if (IsSource(Path.GetRelativePath(_folder, path)))
            _changes.Writer.TryWrite(true);
    }
}
