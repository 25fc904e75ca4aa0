namespace PluginHost.Wasm.Compiler;

/// <summary>A stretch of a <see cref="GoFunction"/> that is only entered at its start.</summary>
/// <param name="Displacement">SP at its start, less SP at the function's entry; null where no path leads to the block but the <c>br_table</c>'s.</param>
/// <param name="Live">The locals, without the selector and SP, whose values it or what follows it may read: a bit for each.</param>
internal readonly record struct GoBlock(int? Displacement, ulong Live);
