namespace PluginHost.Fuzz.Generation.Shape;

/// <summary>What a function of a <see cref="GoShapeProgram"/> may call, besides the import, which is function 0.</summary>
/// <param name="Leaves">Functions without parameters and results.</param>
/// <param name="WideLeaf">One that takes and gives an i64.</param>
/// <param name="Behind">Functions in Go's convention.</param>
/// <param name="Unwinder">One that always unwinds.</param>
/// <param name="ImportType">The type of the import.</param>
internal sealed record GoShapeCallees(uint[] Leaves, uint WideLeaf, uint[] Behind, uint Unwinder, int ImportType);
