using PluginHost.Fuzz.Cases;

namespace PluginHost.Fuzz.Generation;

/// <summary>Where modules come from.</summary>
internal interface IModuleSource
{
    string Name { get; }

    /// <summary>The module of a seed; null where none comes of it.</summary>
    byte[]? Create(FuzzRandom random);
}
