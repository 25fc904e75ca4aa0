using PluginHost.Fuzz.Cases;

namespace PluginHost.Fuzz.Generation.Shape;

/// <summary>Programs that the compiler takes for Go's, and that do what Go's never do.</summary>
internal sealed class GoShapeSource : IModuleSource
{
    public string Name => "shape";

    public bool IsTakenForGo => true;

    public byte[]? Create(FuzzRandom random) => new GoShapeProgram(random, random.Pick(GoShapeImport.Log, GoShapeImport.Close)).Create().ToArray();
}
