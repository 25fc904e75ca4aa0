namespace PluginHost.Api.Tests;

/// <summary>Runs alone: what the process allocates is counted.</summary>
[CollectionDefinition(nameof(AllocationTests), DisableParallelization = true)]
public sealed class AllocationCollection;
