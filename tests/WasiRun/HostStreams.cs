using Microsoft.Win32.SafeHandles;

namespace PluginHost.WasiRun;

/// <summary>The process's own streams as bytes.</summary>
internal static class HostStreams
{
    public static Stream OpenInput() => Console.OpenStandardInput();

    /// <summary>Standard output. The console's stream is silent about a reader that is gone, and a guest that writes without end would never know.</summary>
    public static Stream OpenOutput()
    {
        if (OperatingSystem.IsWindows())
            return Console.OpenStandardOutput();

        var pipe = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);

        // A file's offset belongs to everyone who writes to it, and a FileStream would keep one of its own.
        return pipe.CanSeek ? Console.OpenStandardOutput() : pipe;
    }

    public static Stream OpenError() => Console.OpenStandardError();
}
