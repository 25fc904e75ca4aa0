using PluginHost.Fuzz.Execution;

namespace PluginHost.Fuzz.Generation.Shape;

/// <summary>The one function that a <see cref="GoShapeProgram"/> imports.</summary>
/// <param name="Type">One of <see cref="GoShapeModule"/>.</param>
internal sealed record GoShapeImport(string Module, string Name, int Type)
{
    /// <summary>For tests, whose host comes back in.</summary>
    public static GoShapeImport Back { get; } = new(GoShapeModule.HostModule, "back", GoShapeModule.Plain);

    /// <summary>What other engines' hosts have, too.</summary>
    public static GoShapeImport Log { get; } = new(HostModule.Fuzzing.Name, "log-i32", GoShapeModule.Take);

    /// <summary>The same in Go's own convention, though it is none of Go's functions.</summary>
    public static GoShapeImport Close { get; } = new(HostModule.Wasi.Name, "fd_close", GoShapeModule.Go);
}
