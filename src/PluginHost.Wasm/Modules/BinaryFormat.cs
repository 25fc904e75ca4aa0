namespace PluginHost.Wasm.Modules;

/// <summary>What a file is by its first bytes.</summary>
public enum BinaryFormat
{
    /// <summary>There are no bytes.</summary>
    Empty,

    /// <summary>A core module of version 1: what the engine takes.</summary>
    Module,

    /// <summary>A component of the component model.</summary>
    Component,

    /// <summary>It starts as a module or component does, and ends before its version.</summary>
    TruncatedHeader,

    /// <summary>It is WebAssembly of a version that is not known.</summary>
    UnknownVersion,

    /// <summary>It has the look of text: WebAssembly's text format, Go source, JSON, HTML.</summary>
    Text,

    Gzip,

    Zip,

    /// <summary>A native program of Linux.</summary>
    Elf,

    /// <summary>A native program of Windows.</summary>
    PortableExecutable,

    Unknown,
}
