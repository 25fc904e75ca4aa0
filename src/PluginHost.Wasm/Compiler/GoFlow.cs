namespace PluginHost.Wasm.Compiler;

/// <summary>The ways through a function in Go's convention, from block to block.</summary>
internal sealed record GoFlow(int Blocks, GoFlow.Edge[] Edges, GoFlow.Return[] Returns)
{
    /// <summary>Whether no way from the start leads to a return of 0, where functions that never return 0 are not gone through.</summary>
    public bool NeverReturnsZero(Func<uint, bool> neverReturnsZero)
    {
        bool Ends(uint? function) => function is { } known && neverReturnsZero(known);

        var reached = new bool[Math.Max(Blocks, 1)];
        var changed = true;
        reached[0] = true;

        // Most ways lead on, so that one or two rounds do.
        while (changed)
        {
            changed = false;

            foreach (var edge in Edges)
            {
                if (reached[edge.From] && !reached[edge.To] && !Ends(edge.Callee) && !Ends(edge.Gate))
                    changed = reached[edge.To] = true;
            }
        }

        return Array.TrueForAll(Returns, end => !reached[end.Block] || Ends(end.Tail) || Ends(end.Gate));
    }

    /// <param name="Callee">The function that must return 0 for the way to be gone.</param>
    /// <param name="Gate">Another such function, which is called in the middle of the block.</param>
    internal readonly record struct Edge(int From, int To, uint? Callee, uint? Gate);

    /// <summary>A return of 0, or of what the tail call gives.</summary>
    internal readonly record struct Return(int Block, uint? Tail, uint? Gate);
}
