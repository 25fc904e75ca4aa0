using PluginHost.Fuzz.Cases;

namespace PluginHost.Fuzz.Generation.Go;

/// <summary>
/// Programs in the shapes that Go's compiler emits, and almost in them: an engine recognises those shapes and replaces them, and must not where anything
/// is different.
/// </summary>
internal sealed class GoSource : IModuleSource
{
    public string Name => "go";

    public byte[]? Create(FuzzRandom random) => new GoModuleWriter(random).ToArray();
}
