using PluginHost.Fuzz.Cases;

namespace PluginHost.Fuzz.Generation;

/// <summary>Where modules come from.</summary>
internal interface IModuleSource
{
    string Name { get; }

    /// <summary>Whether its functions are made to be taken for Go's by the compiler, which a run then counts.</summary>
    bool IsTakenForGo => false;

    /// <summary>The module of a seed; null where none comes of it.</summary>
    byte[]? Create(FuzzRandom random);
}
