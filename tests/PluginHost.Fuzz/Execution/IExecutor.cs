using PluginHost.Fuzz.Cases;

namespace PluginHost.Fuzz.Execution;

/// <summary>Something that runs modules.</summary>
internal interface IExecutor : IDisposable
{
    string Name { get; }

    /// <summary>Makes an instance and makes the case's calls on it, the first <paramref name="calls"/> of them.</summary>
    ExecutionRecord Run(FuzzCase test, int calls);
}
