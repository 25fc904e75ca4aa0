using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using PluginHost.Plugins;
using PluginHost.Plugins.Catalog;

namespace PluginHost.Api.Starting;

/// <summary>Tells what whoever starts the server can do something about. Anything else is a bug and keeps its stack trace.</summary>
internal static class StartFailures
{
    /// <returns>A sentence and the exit code; null for a bug.</returns>
    public static (string Reason, StartFailure Failure)? Describe(Exception exception) => exception switch
    {
        PluginHostStartException start => (start.Message, start.Failure),
        InvalidOperationException { InnerException: PluginHostStartException inner } => (inner.Message, inner.Failure),
        OptionsValidationException or FormatException or InvalidDataException => (Because(exception), StartFailure.Configuration),
        InvalidOperationException when exception.Message.StartsWith("Failed to convert configuration", StringComparison.Ordinal) => (exception.Message, StartFailure.Configuration),
        InvalidOperationException when exception.Message.StartsWith("Unable to configure HTTPS", StringComparison.Ordinal) => (exception.Message, StartFailure.Certificate),

        // What is read at the start and is no file of the server's own is a certificate's.
        CryptographicException => ($"The certificate cannot be used: {exception.Message}", StartFailure.Certificate),
        FileNotFoundException or DirectoryNotFoundException => ($"The certificate cannot be read: {exception.Message}", StartFailure.Certificate),
        SocketException => ($"The server cannot listen on its address: {exception.Message}. Ports below 1024 may need rights that it does not have.", StartFailure.Address),
        IOException when exception.Message.StartsWith("Failed to bind", StringComparison.Ordinal) => ($"{exception.Message.TrimEnd('.')}. End what listens there, or choose another address with --urls.", StartFailure.Address),
        _ when FullStorage.Explains(exception) => ($"There is no room left where the data directory is: {exception.Message}", StartFailure.StorageFull),
        IOException or UnauthorizedAccessException => (exception.Message, StartFailure.DataDirectory),
        _ => null,
    };

    private static string Because(Exception exception) => exception.InnerException is { } inner and not OptionsValidationException ? $"{exception.Message} {inner.Message}" : exception.Message;
}
