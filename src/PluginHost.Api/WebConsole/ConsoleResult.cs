using System.Diagnostics.CodeAnalysis;

namespace PluginHost.Api.WebConsole;

/// <summary>What came of something that a page did: a value, or why there is none.</summary>
internal readonly record struct ConsoleResult<T>(T? Value, string? Problem)
    where T : class
{
    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Problem))]
    public bool Succeeded => Problem is null;
}
