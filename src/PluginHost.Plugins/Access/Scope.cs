namespace PluginHost.Plugins.Access;

/// <summary>What a caller may do. <see cref="Scopes"/> says which scope includes which.</summary>
[Flags]
public enum Scope
{
    None = 0,

    /// <summary>Look: plugins, versions, exports, logs, statistics, metrics.</summary>
    Read = 1,

    /// <summary>Call exports. It does not include looking.</summary>
    Invoke = 2,

    /// <summary>Change plugins, versions and aliases; includes <see cref="Read"/>.</summary>
    Deploy = 4,

    /// <summary>Everything: keys, the audit log and backups too.</summary>
    Admin = 8,
}
