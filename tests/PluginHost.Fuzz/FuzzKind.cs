namespace PluginHost.Fuzz;

internal enum FuzzKind
{
    /// <summary>Binaryen's random modules, run by every executor.</summary>
    Random,

    /// <summary>Modules in Go's shapes, run by every executor.</summary>
    Shapes,

    /// <summary>Damaged modules, accepted or refused.</summary>
    Mutation,
}
