namespace PluginHost.Wasm.Compiler;

/// <summary>How a <see cref="GoFunction"/> goes on after one of its calls.</summary>
internal enum GoCall
{
    /// <summary>Where SP is as expected, straight on; where the call unwinds, the function does; else it is entered anew at the block that follows.</summary>
    Resumable,

    /// <summary>The call always unwinds, as was proved, and the function does.</summary>
    AlwaysUnwinds,

    /// <summary>The call's result is the function's.</summary>
    Tail,
}
