using PluginHost.Wasm.Modules;

namespace PluginHost.Plugins.Loading;

/// <summary>The part of a Go module's memory that Go itself never uses.</summary>
internal static class ArgumentArea
{
    /// <summary>Behind the page that stays empty so that null pointers are seen, and where Go's smallest legal pointer is.</summary>
    public const uint Begin = 4_096;

    public const uint Length = 8_192;

    private const uint End = Begin + Length;

    public static bool IsFreeIn(WasmModule module)
    {
        if (module.GoBuildInfo is null || module.ImportsMemory || module.Memory is not { } memory || memory.Limits.Minimum == 0 || !module.DataImage.IsComplete)
            return false;

        // Runs ascend.
        return module.DataImage.Runs is not [var first, ..] || first.Address >= End;
    }
}
