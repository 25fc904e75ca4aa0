using PluginHost.Fuzz.Cases;
using PluginHost.Fuzz.Execution;
using PluginHost.Fuzz.Generation;

namespace PluginHost.Fuzz.Mutation;

/// <summary>Modules to be mutated: generated ones, the samples that Go's toolchain made, and those of the official suite where it is at hand.</summary>
internal sealed class SeedModules
{
    private const string SuiteVariable = "WASM_SPEC_SUITE";

    private readonly IReadOnlyList<IModuleSource> _sources;
    private readonly byte[][] _samples;
    private readonly byte[][] _suite;

    public SeedModules(string folder, IReadOnlyList<IModuleSource> sources)
    {
        _sources = sources;
        _samples = [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "plugins"), "*.wasm", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];
        _suite = [.. Suite(Path.Combine(folder, "suite"))];
    }

    /// <summary>How many modules of the official suite there are.</summary>
    public int SuiteCount => _suite.Length;

    public byte[] Pick(FuzzRandom random, int seed)
    {
        var kind = random.Below(100);

        if (kind < 2)
            return random.Pick<byte[]>(_samples);

        if (kind < 50 && _suite.Length > 0)
            return random.Pick<byte[]>(_suite);

        return random.Pick<IModuleSource>([.. _sources]).Create(new FuzzRandom(FuzzRandom.SeedOf(seed, 1))) ?? ModuleBuilder.Add;
    }

    /// <summary>The modules of every script, valid and invalid ones.</summary>
    private static IEnumerable<byte[]> Suite(string folder)
    {
        var suite = Environment.GetEnvironmentVariable(SuiteVariable) ?? "";

        if (!Directory.Exists(suite))
            return [];

        Directory.CreateDirectory(folder);

        foreach (var script in Directory.EnumerateFiles(suite, "*.wast"))
            Tool.Run("wast2json", script, "-o", Path.Combine(folder, Path.GetFileNameWithoutExtension(script) + ".json"));

        return Directory.EnumerateFiles(folder, "*.wasm").Order(StringComparer.Ordinal).Select(File.ReadAllBytes).Where(bytes => bytes.Length < 100_000);
    }
}
