using System.Text;
using PluginHost.Wasi.Descriptors;

namespace PluginHost.Wasi;

/// <summary>
/// What one instance has of WASI: its arguments, environment, clocks and open descriptors. It is one of the instance's states
/// (<see cref="Wasm.Runtime.InstanceOptions.States"/>), and like the instance it serves one thread at a time.
/// </summary>
public sealed class WasiContext : IDisposable
{
    private readonly LineOutput _standardOutput;
    private readonly LineOutput _standardError;

    /// <exception cref="ArgumentException">An argument or a variable cannot be given to a guest.</exception>
    /// <exception cref="IOException">A directory cannot be opened.</exception>
    public WasiContext(WasiOptions? options = null)
    {
        options ??= new WasiOptions();
        Arguments = [.. options.Arguments.Select(argument => Terminated(argument, nameof(options.Arguments)))];
        Environment = [.. options.Environment.Select(Variable)];
        TimeProvider = options.TimeProvider;
        Start = TimeProvider.GetTimestamp();
        var sink = options.Output ?? NoLines.Instance;
        _standardOutput = new LineOutput(sink, standardError: false, options.MaximumLineBytes, options.MaximumOutputBytes);
        _standardError = new LineOutput(sink, standardError: true, options.MaximumLineBytes, options.MaximumOutputBytes);
        Descriptors = new DescriptorTable(options.MaximumDescriptors);

        try
        {
            Add(options.StandardInputStream is { } input ? new InputStreamDescriptor(input) : new InputDescriptor(options.StandardInput));
            Add(options.StandardOutputStream is { } output ? new OutputStreamDescriptor(output, reportsErrors: true) : new OutputDescriptor(_standardOutput));
            Add(options.StandardErrorStream is { } error ? new OutputStreamDescriptor(error, reportsErrors: false) : new OutputDescriptor(_standardError));

            foreach (var preopen in options.Preopens)
                Add(DirectoryDescriptor.Open(preopen));

            foreach (var socket in options.Sockets)
                Add(new SocketDescriptor(socket));
        }
        catch
        {
            Descriptors.Dispose();
            throw;
        }
    }

    /// <summary>Each argument as UTF-8 with its end mark.</summary>
    internal byte[][] Arguments { get; }

    /// <summary>Each variable as <c>NAME=value</c> with its end mark.</summary>
    internal byte[][] Environment { get; }

    internal TimeProvider TimeProvider { get; }

    /// <summary>The timestamp from which the monotonic clock counts.</summary>
    internal long Start { get; }

    internal DescriptorTable Descriptors { get; }

    /// <summary>To be called when a call has ended: passes on what the guest wrote without ending the line, and grants the next call its output.</summary>
    public void CompleteOutput()
    {
        _standardOutput.Complete();
        _standardError.Complete();
    }

    /// <summary>Closes everything the guest has open.</summary>
    public void Dispose() => Descriptors.Dispose();

    private void Add(Descriptor descriptor)
    {
        if (Descriptors.Add(descriptor, out _) != Errno.Success)
            throw new ArgumentException("more directories and sockets than the guest may have descriptors", nameof(descriptor));
    }

    private static byte[] Variable(KeyValuePair<string, string> variable)
    {
        if (variable.Key.Length == 0 || variable.Key.Contains('=', StringComparison.Ordinal))
            throw new ArgumentException($"'{variable.Key}' is no name for an environment variable", nameof(variable));

        return Terminated($"{variable.Key}={variable.Value}", nameof(WasiOptions.Environment));
    }

    private static byte[] Terminated(string text, string name) => text.Contains('\0', StringComparison.Ordinal)
        ? throw new ArgumentException($"{name} contain a NUL, which ends a string for the guest", nameof(text))
        : Encoding.UTF8.GetBytes(text + '\0');

    private sealed class NoLines : ILineSink
    {
        public static NoLines Instance { get; } = new();

        public void Line(bool standardError, ReadOnlySpan<byte> utf8)
        {
        }

        public void Dropped(bool standardError, long bytes)
        {
        }
    }
}
