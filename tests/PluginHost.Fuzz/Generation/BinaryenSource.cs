using PluginHost.Fuzz.Cases;
using PluginHost.Fuzz.Execution;

namespace PluginHost.Fuzz.Generation;

/// <summary>
/// Binaryen's generator: random bytes made into a valid module. Every loop and every function counts down a limit, and computed NaNs are made zeros, as
/// their bits are each engine's own choice.
/// </summary>
internal sealed class BinaryenSource(string folder) : IModuleSource
{
    public const string Program = "wasm-opt";

    // What the engine supports, and all oracles with it. With reference types the generator makes what only later proposals allow.
    private static readonly string[] s_features =
    [
        "--disable-simd", "--disable-threads", "--disable-gc", "--disable-exception-handling", "--disable-memory64", "--disable-reference-types",
        "--enable-sign-ext", "--enable-nontrapping-float-to-int", "--enable-bulk-memory", "--enable-multivalue", "--enable-mutable-globals", "--enable-tail-call",
    ];

    private static readonly string[] s_passes = ["-O1", "-O2", "-O3", "-Os", "--flatten", "--vacuum", "--ssa-nomerge", "--coalesce-locals", "--simplify-locals", "--rse"];

    public string Name => "random";

    public byte[]? Create(FuzzRandom random)
    {
        var input = Path.Combine(folder, "input");
        var output = Path.Combine(folder, "output.wasm");
        File.WriteAllBytes(input, random.Bytes(100 << random.Below(9)));
        File.Delete(output);

        // Optimised modules have other shapes than those that the generator makes.
        string[] passes = random.Chance(50) ? [random.Pick<string>(s_passes)] : [];
        var (exitCode, said) = Tool.Run(Program, ["-ttf", input, .. passes, "--denan", "-o", output, .. s_features]);

        if (exitCode == 0)
            return File.ReadAllBytes(output);

        Console.Error.WriteLine($"{Program}: exit code {exitCode}: {said}");
        return null;
    }
}
