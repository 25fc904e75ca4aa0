using System.Reflection;
using PluginHost.Wasm.Runtime;
using Xunit.Sdk;

namespace PluginHost.Testing;

/// <summary>
/// A row of a theory for every engine: the engine's name, then the data that are given. The test gets the engine by <see cref="ExecutionEngines.Named"/>.
/// </summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class EngineDataAttribute(params object[] data) : DataAttribute
{
    /// <summary>What follows the engine's name.</summary>
    public IReadOnlyList<object> Data => data;

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) =>
        ExecutionEngines.Names.Select(engine => (object[])[engine, .. data]);
}
