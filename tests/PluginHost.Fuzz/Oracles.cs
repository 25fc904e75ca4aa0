using PluginHost.Fuzz.Execution;
using PluginHost.Fuzz.Generation;
using PluginHost.Fuzz.Mutation;

namespace PluginHost.Fuzz;

/// <summary>The programs that the fuzzer needs.</summary>
internal static class Oracles
{
    private static readonly (string Program, string Package)[] s_programs =
    [
        (BinaryenSource.Program, "binaryen"),
        (MutationFuzzer.Validator, "wabt"),
        (WabtVerifier.Program, "wabt"),
        (NodeProcess.Program, "nodejs"),
    ];

    /// <summary>Why nothing can be fuzzed here; null where it can.</summary>
    public static string? Obstacle { get; } = FindObstacle();

    private static string? FindObstacle()
    {
        var missing = s_programs.Where(pair => Tool.Missing(pair.Program)).Select(pair => $"{pair.Program} ({pair.Package})").ToArray();
        return missing.Length == 0 ? null : $"Not on the PATH: {string.Join(", ", missing)}.";
    }
}
