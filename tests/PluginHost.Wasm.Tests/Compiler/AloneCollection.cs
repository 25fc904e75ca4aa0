namespace PluginHost.Wasm.Tests.Compiler;

/// <summary>Tests that count what the whole process has, and so run while no others do.</summary>
[CollectionDefinition(nameof(AloneCollection), DisableParallelization = true)]
public sealed class AloneCollection;
