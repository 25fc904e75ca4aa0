using System.Collections.Concurrent;
using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Wasi.Tests.Support;

/// <summary>Modules as the engines have prepared them, which compiling a whole one takes a while for: all tests share them.</summary>
internal static class PreparedModules
{
    private static readonly ConcurrentDictionary<(string Engine, string Name), Lazy<ExecutableModule>> s_modules = new();

    /// <param name="engine">The name of one of the <see cref="Tiers"/>.</param>
    /// <param name="name">What the module is known by.</param>
    public static ExecutableModule Get(string engine, string name, Func<WasmModule> load) =>
        s_modules.GetOrAdd((engine, name), _ => new Lazy<ExecutableModule>(() => Tiers.Named(engine).Prepare(load()))).Value;
}
