using System.Diagnostics;
using PluginHost.Fuzz.Cases;
using PluginHost.Fuzz.Execution;
using PluginHost.Fuzz.Generation;
using PluginHost.Fuzz.Generation.Go;
using PluginHost.Fuzz.Generation.Shape;
using PluginHost.Wasm.Interpreter;

namespace PluginHost.Fuzz;

/// <summary>Runs modules on engines and oracles and compares what comes out.</summary>
internal sealed class DifferentialFuzzer : IDisposable
{
    private readonly TemporaryDirectory _folder = new();
    private readonly List<IExecutor> _executors = [];
    private readonly WabtVerifier _wabt;
    private readonly FuzzOptions _options;

    public DifferentialFuzzer(FuzzOptions options)
    {
        _options = options;
        _wabt = new WabtVerifier(_folder.Path);

        // The interpreter first, whatever is tested: it finds out how far a case can be compared.
        _executors.AddRange(options.Engines.Prepend(InterpreterEngine.Instance).Distinct().Select(engine => new EngineExecutor(engine)));
        _executors.Add(new NodeExecutor(new NodeProcess()));
        Sources = [new BinaryenSource(_folder.Path), new GoSource(), new GoShapeSource(), new SampleSource()];
    }

    public IReadOnlyList<IModuleSource> Sources { get; }

    /// <summary>Runs cases until the time is over.</summary>
    public FuzzReport Run(TextWriter output)
    {
        var report = new FuzzReport();
        var clock = Stopwatch.StartNew();
        var sources = Sources.Where(source => _options.Source is "all" || _options.Source == source.Name).ToArray();

        if (sources.Length == 0)
            throw new InvalidOperationException($"There is no source '{_options.Source}'; there are: all, {string.Join(", ", Sources.Select(source => source.Name))}.");

        for (var i = _options.First; clock.Elapsed < _options.Duration && i - _options.First < _options.MaximumCases; i++)
        {
            var seed = FuzzRandom.SeedOf(_options.Seed, i);
            var source = sources[i % sources.Length];

            if (source.Create(new FuzzRandom(seed)) is not { } bytes)
            {
                report.Skipped++;
                continue;
            }

            // Should the process die of the case, it stands there.
            var current = Path.Combine(_options.Keep, $"current-{_options.Seed}.wasm");
            File.WriteAllBytes(current, bytes);

            if (source.IsTakenForGo)
                report.CountTaken(bytes);

            if (Check(bytes, seed, report) is { } difference)
            {
                report.Findings++;
                output.WriteLine($"{source.Name} case {i}: {difference}");
                Finding.Save(_options, source.Name, i, seed, bytes, candidate => Check(candidate, seed, new FuzzReport()), output);
            }

            report.Cases++;
            File.Delete(current);
        }

        report.Undecided = _wabt.Undecided;
        report.Elapsed = clock.Elapsed;
        return report;
    }

    /// <returns>How engines differ on the module; null where they do not.</returns>
    public string? Check(byte[] bytes, int seed, FuzzReport report)
    {
        FuzzCase test;

        try
        {
            test = FuzzCase.Create("case", bytes, seed, _options.Rounds);
        }
        catch (Exception exception) when (exception is Wasm.Binary.MalformedModuleException or Wasm.Validation.InvalidModuleException)
        {
            return $"the engine refuses a valid module: {exception.Message}";
        }

        var records = new List<ExecutionRecord>();
        var calls = test.Calls.Count;

        foreach (var executor in _executors)
        {
            var record = executor.Run(test, calls);

            // What one of our engines gave up may run forever on the others.
            if (record.Outcomes.Count > 0 && record.Outcomes[^1].IsLimit)
                calls = Math.Min(calls, record.Outcomes.Count - 1);

            if (record.Instantiation.IsLimit)
            {
                report.Limited++;
                return null;
            }

            records.Add(record);
        }

        report.Count(records[0]);

        foreach (var record in records)
            report.CountTiers(record);

        for (var i = 1; i < records.Count; i++)
        {
            if (Comparison.Difference(test, records[0], records[i]) is { } difference)
                return difference;
        }

        return _wabt.Difference(test, records[0]);
    }

    public void Dispose()
    {
        foreach (var executor in _executors)
            executor.Dispose();

        _folder.Dispose();
    }
}
