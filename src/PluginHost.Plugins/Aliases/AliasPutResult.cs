namespace PluginHost.Plugins.Aliases;

/// <summary>An alias that was created or moved.</summary>
public sealed record AliasPutResult(Alias Alias, bool Created);
