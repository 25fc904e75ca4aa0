using System.Text;

namespace PluginHost.Testing;

/// <summary>How a process ended and what it wrote.</summary>
public sealed record RunResult(int ExitCode, byte[] Output, byte[] Error)
{
    public string OutputText => Encoding.UTF8.GetString(Output);

    public string ErrorText => Encoding.UTF8.GetString(Error);
}
