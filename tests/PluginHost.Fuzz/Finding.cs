namespace PluginHost.Fuzz;

/// <summary>A module on which two executors do not agree.</summary>
/// <param name="Difference">What each of them says.</param>
internal sealed record Finding(byte[] Module, int Seed, string Difference);
