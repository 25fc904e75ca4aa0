namespace PluginHost.Wasm.Interpreter;

/// <summary>How far a function has come on its way to compiled code.</summary>
internal enum Tier
{
    /// <summary>Its register code runs.</summary>
    Interpreted,

    /// <summary>It waits for the compiler, or is with it.</summary>
    Queued,

    /// <summary>Its compiled code runs.</summary>
    Compiled,

    /// <summary>Entering it in the middle was found worth compiling as well, and waits for the compiler.</summary>
    ResumeQueued,

    /// <summary>Its compiled code can also be entered in the middle.</summary>
    ResumeCompiled,

    /// <summary>Its compiled code runs, and cannot be entered in the middle.</summary>
    ResumeRefused,

    /// <summary>The compiler leaves it to the interpreter.</summary>
    Refused,
}
