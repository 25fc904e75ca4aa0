using System.Reflection;
using PluginHost.Wasm.Runtime;
using Xunit.Sdk;

namespace PluginHost.Testing;

/// <summary>A row of a theory for every engine and every row of a static method of the test's class: the engine's name, then the row.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class EngineMemberDataAttribute(string member) : DataAttribute
{
    /// <summary>The method's name.</summary>
    public string Member => member;

    public override IEnumerable<object[]> GetData(MethodInfo testMethod)
    {
        var rows = (IEnumerable<object[]>)testMethod.DeclaringType!.GetMethod(member, BindingFlags.Public | BindingFlags.Static)!.Invoke(null, null)!;
        return rows.SelectMany(row => ExecutionEngines.Names, (row, engine) => (object[])[engine, .. row]);
    }
}
