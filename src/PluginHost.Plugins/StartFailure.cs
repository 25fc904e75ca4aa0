namespace PluginHost.Plugins;

/// <summary>Why a server cannot start, as the exit code of its process: whoever starts it again can tell what that would help against.</summary>
public enum StartFailure
{
    /// <summary>A setting cannot be used as it is.</summary>
    Configuration = 2,

    /// <summary>The data directory cannot be made, read or written.</summary>
    DataDirectory = 3,

    /// <summary>There is no room left where the data directory is.</summary>
    StorageFull = 4,

    /// <summary>Another process has the data directory or its database.</summary>
    InUse = 5,

    /// <summary>The catalog is damaged, or missing beside its modules.</summary>
    CatalogDamaged = 6,

    /// <summary>A newer server made the catalog.</summary>
    CatalogNewer = 7,

    /// <summary>The server cannot listen where it was told to.</summary>
    Address = 8,

    /// <summary>The certificate cannot be used.</summary>
    Certificate = 9,
}
