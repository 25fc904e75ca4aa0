using PluginHost.Wasm.Runtime;
using Xunit.Abstractions;

namespace PluginHost.Wasm.SpecTests;

public sealed class OfficialSuiteTests(ITestOutputHelper output)
{
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
    public async Task Script_OnEngine_MeetsEveryAssertion(string engineName, string script)
    {
        var engine = ExecutionEngines.Named(engineName);
        var folder = Directory.CreateTempSubdirectory("wasm-spec-");

        try
        {
            var commands = await SpecSuite.ConvertAsync(script, folder.FullName);

            var outcome = ScriptRunner.Run(engine, commands, script);

            output.WriteLine($"{script}: {outcome}");
            Assert.True(outcome.Failures.Count == 0, $"{outcome}\n{string.Join('\n', outcome.Failures)}");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
