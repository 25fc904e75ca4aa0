namespace PluginHost.Wasm.Modules;

/// <summary>How a module is meant to be started, by its imports and exports.</summary>
public enum ModuleKind
{
    /// <summary>It exports <c>_initialize</c>: functions are called after it has been run.</summary>
    Reactor,

    /// <summary>It exports <c>_start</c> and no <c>_initialize</c>: it runs once and ends.</summary>
    Command,

    /// <summary>It imports from <c>gojs</c> or <c>go</c>: Go's port for JavaScript hosts.</summary>
    GoJavaScript,

    /// <summary>It exports neither, and functions are called right away.</summary>
    Library,
}
