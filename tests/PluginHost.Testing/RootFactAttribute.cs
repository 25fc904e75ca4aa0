using Xunit;

namespace PluginHost.Testing;

/// <summary>A test that only root can make, because it mounts a file system. In CI it runs.</summary>
public sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute()
    {
        if (!OperatingSystem.IsLinux() || !string.Equals(Environment.UserName, "root", StringComparison.Ordinal))
            Skip = "It mounts a small file system, which only root may on Linux.";
    }
}
