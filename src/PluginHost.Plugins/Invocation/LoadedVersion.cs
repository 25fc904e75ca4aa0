namespace PluginHost.Plugins.Invocation;

internal sealed class LoadedVersion
{
    public Plugin Plugin => throw new NotImplementedException();

    public int Ordinal => throw new NotImplementedException();
}
