using System.Diagnostics;

namespace PluginHost.Benchmarks;

/// <summary>From upload to first result: in a process that has done nothing yet, and in one that has.</summary>
internal static class UploadBenchmark
{
    public static async Task RunAsync(BenchmarkOptions options, Report report, string assembly, string kind)
    {
        var module = Repository.Sample("calc");
        var fresh = $"upload to first result, fresh process, {kind}";
        var warm = $"upload to first result, warm process, {kind}";

        if (options.Wants(fresh))
        {
            List<double> ours = [], node = [];

            for (var round = 0; round < options.Rounds; round++)
            {
                await using (var server = await ServerProcess.StartAsync(assembly))
                    ours.Add(await server.UploadToFirstResultAsync("calc", SaltedModule.Of(module)));

                using var engine = NodeEngine.TryStart();

                if (engine is not null)
                    node.Add(FirstResult(engine));
            }

            report.Add(new Measurement(fresh, "ms", Median.Of(ours), node.Count == 0 ? null : Median.Of(node), "node, no HTTP", "≤ 400 ms"));
        }

        if (options.Wants(warm))
        {
            List<double> ours = [], node = [];
            await using var server = await ServerProcess.StartAsync(assembly);
            using var engine = NodeEngine.TryStart();

            // A service that has run for a while has its hot paths compiled; a handful of uploads gets there.
            for (var round = 0; round < 10; round++)
            {
                await server.UploadToFirstResultAsync($"warm-{round}", SaltedModule.Of(module));

                if (engine is not null)
                    FirstResult(engine);
            }

            for (var round = 0; round < options.Rounds * 2; round++)
            {
                ours.Add(await server.UploadToFirstResultAsync($"calc-{round}", SaltedModule.Of(module)));

                if (engine is not null)
                    node.Add(FirstResult(engine));
            }

            report.Add(new Measurement(warm, "ms", Median.Of(ours), node.Count == 0 ? null : Median.Of(node), "node, no HTTP", "≤ 60 ms"));
        }
    }

    private static double FirstResult(NodeEngine engine)
    {
        var load = engine.Load(Repository.SamplePath("calc"));
        var instantiate = engine.Instantiate();
        var (call, result) = engine.Call("add", 1, ("i32", "1"), ("i32", "2"));

        Debug.Assert(string.Equals(result, "3", StringComparison.Ordinal), result);
        return load + instantiate + call;
    }
}
