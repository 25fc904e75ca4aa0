using Spectre.Console;

namespace PluginHost.Cli.Output;

/// <summary>A bar on a terminal, and nothing anywhere else.</summary>
internal static class UploadProgress
{
    public static Task<T> ShowAsync<T>(Terminal terminal, string title, long bytes, Func<IProgress<long>, Task<T>> upload)
    {
        if (terminal.Json || !terminal.Error.Profile.Out.IsTerminal || !terminal.Error.Profile.Capabilities.Ansi)
            return upload(new Silent());

        return terminal.Error.Progress()
            .AutoClear(enabled: true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new DownloadedColumn(), new TransferSpeedColumn())
            .StartAsync(context => upload(new Bar(context.AddTask(Markup.Escape(title), maxValue: bytes))));
    }

    private sealed class Silent : IProgress<long>
    {
        public void Report(long value)
        {
        }
    }

    private sealed class Bar(ProgressTask task) : IProgress<long>
    {
        public void Report(long value) => task.Value = value;
    }
}
