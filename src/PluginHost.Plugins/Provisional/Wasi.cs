using PluginHost.Wasm.Runtime;

// Stands in for PluginHost.Wasi until that is there.
namespace PluginHost.Wasi;

internal sealed class ProcessExitException(uint code) : Exception
{
    public uint Code { get; } = code;
}

internal sealed class WasiContext : IDisposable
{
    private bool _completed;

    public void CompleteOutput() => _completed = !_completed;

    public void Dispose()
    {
    }
}

internal static class WasiImports
{
    public static void AddTo(Imports imports) => _ = imports;
}
