namespace System.Runtime.CompilerServices;

/// <summary>The runtime knows this attribute by its name: the assembly that has it may use what is internal to the named one.</summary>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
internal sealed class IgnoresAccessChecksToAttribute(string assemblyName) : Attribute
{
    public string AssemblyName { get; } = assemblyName;
}
