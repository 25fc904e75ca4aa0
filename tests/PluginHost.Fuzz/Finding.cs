using PluginHost.Fuzz.Shrinking;

namespace PluginHost.Fuzz;

/// <summary>Keeps a module that showed a difference, whole and shrunk, and says how to see it again.</summary>
internal static class Finding
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    /// <param name="check">Tells how engines differ on a module.</param>
    public static void Save(FuzzOptions options, string source, int index, int seed, byte[] bytes, Func<byte[], string?> check, TextWriter output)
    {
        var path = Path.Combine(options.Keep, $"{source}-{options.Seed}-{index}.wasm");
        File.WriteAllBytes(path, bytes);
        output.WriteLine($"  kept: {path} ({bytes.Length} bytes)");

        if (options.Shrink)
        {
            var shrunk = new ModuleShrinker(candidate => check(candidate) is not null, s_patience).Shrink(bytes);
            path = Path.ChangeExtension(path, ".small.wasm");
            File.WriteAllBytes(path, shrunk);
            output.WriteLine($"  shrunk: {path} ({shrunk.Length} bytes): {check(shrunk)}");
        }

        output.WriteLine($"  repeat: dotnet run -c Release --project tests/PluginHost.Fuzz -- check {path} --case-seed {seed} --rounds {options.Rounds}");
        output.Flush();
    }
}
