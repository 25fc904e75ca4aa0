namespace PluginHost.Benchmarks;

/// <summary>
/// How long the first result of <c>calc</c> takes: from a server that has just become ready (its process runs and <c>/readyz</c> says so) or has been so for a
/// second, which is uploaded the module or has it from an earlier life; and from the start of its process. Beside it node: what V8 takes to compile,
/// instantiate, initialise and call in a fresh process, without reading the file; and the same from the start of that process. Over HTTP is the server only.
/// </summary>
internal static class StartBenchmark
{
    private const string Ready = "first result, ready server: upload and call";
    private const string Settled = "first result, a second after ready: upload and call";
    private const string Stored = "first result, ready server: call of a stored module";
    private const string FromStart = "first result from process start: upload and call";
    private const string StoredFromStart = "first result from process start: call of a stored module";
    private const string Warm = "upload and call, warm server";
    private const string Aim = "≤ 1.5 × V8";
    private const int WarmUps = 20;

    public static async Task RunAsync(BenchmarkOptions options, Report report, string assembly)
    {
        var module = Repository.Sample("calc");
        var times = new Dictionary<string, (List<double> Ours, List<double> Other)>(StringComparer.Ordinal);

        void Add(string name, double ours, double? other)
        {
            times.TryAdd(name, ([], []));
            times[name].Ours.Add(ours);

            if (other is { } value)
                times[name].Other.Add(value);
        }

        for (var round = 0; round < options.Rounds; round++)
        {
            var (work, total) = FreshNode();

            if (options.Wants(Ready) || options.Wants(FromStart))
            {
                await using var server = await ServerProcess.StartAsync(assembly);
                Add(Ready, await server.UploadToFirstResultAsync("calc", SaltedModule.Of(module)), work);
                Add(FromStart, server.Age, total);
            }

            if (options.Wants(Settled))
            {
                await using var server = await ServerProcess.StartAsync(assembly);
                await Task.Delay(1_000);
                Add(Settled, await server.UploadToFirstResultAsync("calc", SaltedModule.Of(module)), work);
            }

            if (options.Wants(Stored) || options.Wants(StoredFromStart))
            {
                using var data = new TemporaryDirectory();

                await using (var before = await ServerProcess.StartAsync(assembly, data.Path))
                    await before.UploadAsync("calc", module);

                await using var server = await ServerProcess.StartAsync(assembly, data.Path);
                Add(Stored, await server.FirstResultAsync("calc"), work);
                Add(StoredFromStart, server.Age, total);
            }
        }

        if (options.Wants(Warm))
        {
            await using var server = await ServerProcess.StartAsync(assembly);
            using var engine = NodeEngine.TryStart();

            // A service that has run for a while has its hot paths compiled; some uploads get there.
            for (var round = -WarmUps; round < options.Rounds * 2; round++)
            {
                var ours = await server.UploadToFirstResultAsync($"calc-{round + WarmUps}", SaltedModule.Of(module));
                var other = engine is null ? default(double?) : FirstResult(engine);

                if (round >= 0)
                    Add(Warm, ours, other);
            }
        }

        foreach (var (name, (ours, other)) in times.Where(row => options.Wants(row.Key)))
            report.Add(new Measurement(name, "ms", Median.Of(ours), other.Count == 0 ? null : Median.Of(other), "V8", string.Equals(name, Warm, StringComparison.Ordinal) ? "≤ 60 ms" : Aim));
    }

    private static (double? Work, double? Total) FreshNode()
    {
        using var engine = NodeEngine.TryStart();

        return engine is null ? (null, null) : (FirstResult(engine), engine.Age);
    }

    private static double FirstResult(NodeEngine engine)
    {
        var load = engine.Load(Repository.SamplePath("calc"));
        var instantiate = engine.Instantiate();
        var (call, result) = engine.Call("add", 1, ("i32", "1"), ("i32", "2"));

        return string.Equals(result, "3", StringComparison.Ordinal) ? load + instantiate + call : throw new InvalidOperationException($"V8: add(1, 2) gave {result}.");
    }
}
