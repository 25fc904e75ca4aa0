namespace PluginHost.Fuzz.Execution;

/// <summary>What a guest left behind.</summary>
/// <param name="Pages">The size of its memory.</param>
/// <param name="Memory">The hash of its memory.</param>
/// <param name="Log">The hash of everything that it gave to host functions, in order.</param>
/// <param name="Globals">The exported globals, as bits.</param>
internal sealed record FinalState(uint Pages, ulong Memory, ulong Log, IReadOnlyList<ulong> Globals);
