namespace PluginHost.Api.Scalars;

/// <summary>Why arguments cannot be read.</summary>
/// <param name="Code">The problem's stable code.</param>
/// <param name="Pointer">The JSON pointer to what is wrong, or null where the whole body is.</param>
internal sealed record ScalarError(string Code, string Detail, string? Pointer = null);
