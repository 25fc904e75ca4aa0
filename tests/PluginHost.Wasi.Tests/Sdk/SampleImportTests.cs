using System.Text.Json;
using PluginHost.Wasm.Modules;

namespace PluginHost.Wasi.Tests.Sdk;

/// <summary>Go's linker leaves out the host functions that a plugin does not use, so that no plugin needs grants for what it never calls.</summary>
public sealed class SampleImportTests
{
    [Theory]
    [InlineData("greeter", "", "")]
    [InlineData("markdown", "", "")]
    [InlineData("pricing", "", "")]
    [InlineData("shortener", "kv", "kv_cas kv_get kv_list take")]
    [InlineData("weather", "config http log", "config_get http_send log secret_get take")]
    [InlineData("pipeline", "call", "call take")]
    public void Sample_HostFunctions_AreThoseThatItUses(string name, string grants, string functions)
    {
        var module = WasmModule.Load(Repository.Sample(name));
        using var manifest = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Repository.Root, "plugins", name, "plugin.json")));
        var requires = manifest.RootElement.TryGetProperty("requires", out var list) ? list.EnumerateArray().Select(grant => grant.GetString()!) : [];

        var imported = module.Imports.Where(import => import.Module == "pluginhost").Select(import => import.Name).Distinct().Order(StringComparer.Ordinal);

        Assert.Equal(functions, string.Join(' ', imported));
        Assert.Equal(grants, string.Join(' ', requires));
    }
}
