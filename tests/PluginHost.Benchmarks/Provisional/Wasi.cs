using System.Buffers.Binary;
using System.Diagnostics;
using System.Security.Cryptography;
using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Runtime;

// Stands in for PluginHost.Wasi until that is there: just enough for the benchmarks' guests.
namespace PluginHost.Wasi;

internal sealed class WasiContext : IDisposable
{
    public void Dispose()
    {
    }
}

internal static class WasiImports
{
    private const int BadFileDescriptor = 8;

    public static void AddTo(Imports imports)
    {
        foreach (var plugin in new[] { "calc", "kernels" })
        {
            var module = WasmModule.Load(File.ReadAllBytes(Benchmarks.Repository.Plugin(plugin)));
            var index = 0u;

            foreach (var import in module.Imports)
            {
                var type = module.FunctionType(index++);

                imports.Add(import.Module, import.Name, type, import.Name switch
                {
                    "clock_time_get" => Clock,
                    "random_get" => (ref HostCall call) => RandomNumberGenerator.Fill(call.Memory.Span(call.UInt32(0), call.UInt32(1))),
                    "fd_prestat_get" => (ref HostCall call) => call.Return(BadFileDescriptor),
                    _ when type.Results.Length == 0 => (ref HostCall call) => throw new InvalidOperationException("exit"),
                    _ => (ref HostCall call) => call.Return(0),
                });
            }
        }
    }

    private static void Clock(ref HostCall call)
    {
        BinaryPrimitives.WriteInt64LittleEndian(call.Memory.Span(call.UInt32(2), sizeof(long)), Stopwatch.GetTimestamp());
        call.Return(0);
    }
}
