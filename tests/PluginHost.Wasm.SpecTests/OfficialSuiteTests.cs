using System.Collections.Concurrent;
using PluginHost.Wasm.Runtime;
using Xunit.Abstractions;

namespace PluginHost.Wasm.SpecTests;

public sealed class OfficialSuiteTests(ITestOutputHelper output)
{
    private static readonly ConcurrentDictionary<(string Engine, string Script), Lazy<Task<ScriptOutcome>>> Outcomes = [];

    public static TheoryData<string, string> ScriptsByEngine()
    {
        var rows = new TheoryData<string, string>();

        foreach (var engine in ExecutionEngines.All)
        {
            foreach (var script in SpecSuite.Scripts())
                rows.Add(engine.Name, script);
        }

        return rows;
    }

    [SpecSuiteTheory]
    [MemberData(nameof(ScriptsByEngine))]
    public async Task Script_OnEngine_MeetsEveryAssertion(string engine, string script)
    {
        var outcome = await OutcomeAsync(engine, script);

        output.WriteLine($"{script}: {outcome}");
        Assert.True(outcome.Failures.Count == 0, $"{outcome}\n{string.Join('\n', outcome.Failures)}");
    }

    /// <summary>Keeps the README's table of scores true.</summary>
    [SpecSuiteTheory]
    [EngineData]
    public async Task Score_OfEngine_IsTheOneThatTheReadmeQuotes(string engine)
    {
        var score = SuiteScore.Of(engine, await Task.WhenAll(SpecSuite.Scripts().Select(script => OutcomeAsync(engine, script))));
        var readme = await File.ReadAllLinesAsync(Path.Combine(Repository.Root, "README.md"));

        Assert.Contains(SuiteScore.Head, readme);
        Assert.Contains(score.ToString(), readme);
    }

    /// <summary>The outcome of a script, which is run once for all tests.</summary>
    private static Task<ScriptOutcome> OutcomeAsync(string engine, string script) =>
        Outcomes.GetOrAdd((engine, script), static key => new Lazy<Task<ScriptOutcome>>(() => Task.Run(() => RunAsync(key.Engine, key.Script)))).Value;

    private static async Task<ScriptOutcome> RunAsync(string engine, string script)
    {
        using var folder = new TemporaryDirectory();
        var commands = await SpecSuite.ConvertAsync(script, folder.Path);
        return ScriptRunner.Run(ExecutionEngines.Named(engine), commands, script);
    }
}
