namespace PluginHost.Wasm.Compiler;

/// <summary>Whether and when functions are compiled.</summary>
internal enum CompilationMode
{
    /// <summary>Never: the interpreter runs everything, and no code is generated.</summary>
    None,

    /// <summary>Once they are hot, in the background.</summary>
    WhenHot,

    /// <summary>All of them before the first instance is made, so that the interpreter runs only what compiled code leaves to it.</summary>
    AtLoad,

    /// <summary>At any time, by a random choice.</summary>
    AtRandom,
}
