using Xunit;

namespace PluginHost.Testing;

/// <summary>A test that needs a program of the system's. In CI it is installed.</summary>
public sealed class ToolFactAttribute : FactAttribute
{
    public ToolFactAttribute(string tool)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);

        if (!Array.Exists(folders, folder => File.Exists(Path.Combine(folder, tool))))
            Skip = $"{tool} is not installed.";
    }
}
