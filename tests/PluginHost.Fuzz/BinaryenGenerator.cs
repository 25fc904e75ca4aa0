namespace PluginHost.Fuzz;

/// <summary>Random valid modules: binaryen makes one of any bytes. Computed NaNs, whose bits WebAssembly leaves open, are taken out.</summary>
internal static class BinaryenGenerator
{
    /// <returns>Null where binaryen made none of these bytes.</returns>
    public static byte[]? Generate(int seed, string folder)
    {
        var random = new Random(seed);
        var bytes = new byte[random.Next(200, 12_000)];
        random.NextBytes(bytes);
        var (input, output) = (Path.Combine(folder, "random"), Path.Combine(folder, "generated.wasm"));
        File.WriteAllBytes(input, bytes);
        File.Delete(output);

        var (exitCode, _) = Tool.Run(
            "wasm-opt", input, "-ttf", "--denan", "-o", output,
            "--mvp-features", "--enable-sign-ext", "--enable-nontrapping-float-to-int", "--enable-bulk-memory", "--enable-multivalue", "--enable-mutable-globals");

        return exitCode == 0 && File.Exists(output) ? File.ReadAllBytes(output) : null;
    }
}
