using System.Reflection;
using Xunit.Sdk;

namespace PluginHost.Testing;

/// <summary>A row of a theory for every engine of <see cref="Tiers"/>: its name, then the data that are given.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class TierDataAttribute(params object[] data) : DataAttribute
{
    /// <summary>What follows the engine's name.</summary>
    public IReadOnlyList<object> Data => data;

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => Tiers.Names.Select(engine => (object[])[engine, .. data]);
}
