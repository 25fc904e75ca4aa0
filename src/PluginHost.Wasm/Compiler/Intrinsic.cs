namespace PluginHost.Wasm.Compiler;

/// <summary>A function of Go's runtime that is known byte for byte, and the base library's way to do the same.</summary>
/// <param name="Name">As Go calls it.</param>
/// <param name="BodyHash">The SHA-256 of its entry in the code section, locals and code (spec 5.5.13).</param>
/// <param name="Address">A method in the convention of its type; see <see cref="Signature"/>.</param>
internal sealed record Intrinsic(string Name, string BodyHash, nint Address);
