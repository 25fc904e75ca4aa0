namespace PluginHost.Wasm.Modules;

/// <summary>
/// Where the module's bytes declare what validation may find wrong, for its errors: one offset for each item of an index space, imported ones first.
/// Expressions, segments and bodies carry their own.
/// </summary>
internal sealed class ItemOffsets
{
    /// <summary>Of each function: its type index.</summary>
    public List<int> Functions { get; } = [];

    public List<int> Tables { get; } = [];

    public List<int> Memories { get; } = [];

    public List<int> Exports { get; } = [];

    /// <summary>The content of the start section.</summary>
    public int Start { get; set; }
}
