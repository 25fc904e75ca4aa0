namespace PluginHost.Plugins.Pooling;

/// <summary>An instance lent by a pool; or why there is none. Neither means that the pool has been retired.</summary>
internal readonly record struct Rental(GuestInstance? Instance, PluginFailure? Failure)
{
    public bool Retired => Instance is null && Failure is null;
}
