namespace PluginHost.Plugins;

/// <summary>The host cannot start; the message is a sentence or two for whoever runs it.</summary>
public sealed class PluginHostStartException(string message, StartFailure failure = StartFailure.Configuration, Exception? inner = null) : Exception(message, inner)
{
    public StartFailure Failure { get; } = failure;
}
