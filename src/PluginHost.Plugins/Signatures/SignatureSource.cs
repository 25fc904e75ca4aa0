namespace PluginHost.Plugins.Signatures;

/// <summary>Gives the detached signature of an upload in base64, or null where it has none. Asked once, when the module has been read to its end.</summary>
public delegate ValueTask<string?> SignatureSource(CancellationToken cancellation);
