using System.Globalization;
using System.Text;

namespace PluginHost.Benchmarks;

/// <summary>
/// The same module with other bytes: a custom section is appended, so that neither a server nor an engine recognises what it has seen before.
/// </summary>
internal static class SaltedModule
{
    private static int _count;

    public static byte[] Of(byte[] module)
    {
        // The process is part of the salt, as a server's data may outlive a run.
        var text = string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}-{Interlocked.Increment(ref _count)}");

        return [.. module, .. ModuleBytes.CustomSection("salt", Encoding.ASCII.GetBytes(text))];
    }
}
