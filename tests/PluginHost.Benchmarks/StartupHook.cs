using System.Diagnostics.CodeAnalysis;
using System.Runtime.Loader;

/// <summary>What .NET runs first in a process whose DOTNET_STARTUP_HOOKS name this assembly: has it be found by its name, too.</summary>
[SuppressMessage("Design", "CA1050", Justification = ".NET looks for this name.")]
[SuppressMessage("Design", "MA0047", Justification = ".NET looks for this name.")]
internal static class StartupHook
{
    public static void Initialize()
    {
        var assembly = typeof(StartupHook).Assembly;

        AssemblyLoadContext.Default.Resolving += (_, name) => string.Equals(name.Name, assembly.GetName().Name, StringComparison.Ordinal) ? assembly : null;
    }
}
