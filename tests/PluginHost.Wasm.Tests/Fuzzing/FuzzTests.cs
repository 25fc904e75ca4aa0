using PluginHost.Fuzz;
using PluginHost.Fuzz.Mutation;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Wasm.Tests.Fuzzing;

/// <summary>A short fixed run of the fuzzer: always the same modules. <c>tests/PluginHost.Fuzz</c> makes longer ones of other seeds.</summary>
public sealed class FuzzTests : IDisposable
{
    private const int Seed = 20_240_601;

    private readonly TemporaryDirectory _kept = new();

    public void Dispose() => _kept.Dispose();

    [FuzzTheory]
    [EngineData("random", 60)]
    [EngineData("go", 250)]
    [EngineData("sample", 15)]
    public void Engine_OnGeneratedModules_DoesAsOthersDo(string engine, string source, int cases)
    {
        using var fuzzer = new DifferentialFuzzer(Options(cases) with { Source = source, Engines = [ExecutionEngines.Named(engine)] });
        using var output = new StringWriter();

        var report = fuzzer.Run(output);

        Assert.True(report.Findings == 0, output.ToString());
        Assert.Equal(cases, report.Cases + report.Skipped);
        Assert.True(report.Calls > cases, report.ToString());
    }

    [FuzzTheory]
    [InlineData(400)]
    public void Validator_OnMutatedModules_DecidesAsOthersDo(int cases)
    {
        using var fuzzer = new MutationFuzzer(Options(cases));
        using var output = new StringWriter();

        var report = fuzzer.Run(output);

        Assert.True(report.Findings == 0, output.ToString());
        Assert.Equal(cases, report.Cases);
        Assert.InRange(report.Accepted, 1, cases - 1);
    }

    private FuzzOptions Options(int cases) => new() { Seed = Seed, MaximumCases = cases, Duration = TimeSpan.FromMinutes(10), Keep = _kept.Path, Shrink = false };
}
