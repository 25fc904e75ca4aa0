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
    [EngineData("random", 50)]
    [EngineData("go", 200)]
    [EngineData("shape", 150)]
    [EngineData("sample", 8)]
    public void Engine_OnGeneratedModules_DoesAsOthersDo(string engine, string source, int cases)
    {
        using var fuzzer = new DifferentialFuzzer(Options(cases) with { Source = source, Engines = [ExecutionEngines.Named(engine)] });
        using var output = new StringWriter();

        var report = fuzzer.Run(output);

        Assert.True(report.Findings == 0, output.ToString());
        Assert.Equal(cases, report.Cases + report.Skipped);
        Assert.True(report.Calls > cases, report.ToString());
        Assert.True(engine != "compiled" || report.InterpretedFunctions < report.CompiledFunctions, report.ToString());
        Assert.True(report.TakenFunctions * 2 >= report.GoFunctions, report.ToString());
    }

    [FuzzTheory]
    [InlineData(300)]
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
