using System.Diagnostics;
using System.Text.Json.Nodes;
using PluginHost.Fuzz.Cases;
using PluginHost.Fuzz.Execution;
using PluginHost.Fuzz.Generation;
using PluginHost.Fuzz.Generation.Go;
using PluginHost.Wasm.Binary;
using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Validation;

namespace PluginHost.Fuzz.Mutation;

/// <summary>Asks decoder and validator, V8 and <c>wasm-validate</c> whether mutated modules are valid.</summary>
internal sealed class MutationFuzzer : IDisposable
{
    public const string Validator = "wasm-validate";

    /// <summary>Larger modules are shown to wabt only where the others differ: it takes long over them.</summary>
    private const int LargeModule = 100_000;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);
    private static readonly string[] s_features = ["--enable-tail-call", "--enable-extended-const", "--disable-simd"];

    private readonly TemporaryDirectory _folder = new();
    private readonly NodeProcess _node = new();
    private readonly FuzzOptions _options;
    private readonly SeedModules _seeds;

    public MutationFuzzer(FuzzOptions options)
    {
        _options = options;
        _seeds = new SeedModules(_folder.Path, [new GoSource(), new BinaryenSource(_folder.Path)]);
    }

    public MutationReport Run(TextWriter output)
    {
        var report = new MutationReport { SuiteModules = _seeds.SuiteCount };
        var clock = Stopwatch.StartNew();

        for (var i = _options.First; clock.Elapsed < _options.Duration && i - _options.First < _options.MaximumCases; i++)
        {
            var seed = FuzzRandom.SeedOf(_options.Seed, i);
            var random = new FuzzRandom(seed);
            var bytes = new ModuleMutator(random).Mutate(_seeds.Pick(random, seed));
            var verdict = Judge(bytes);
            report.Count(verdict);

            if (verdict.IsUnanimous)
                continue;

            if (KnownDifferences.Reason(verdict) is { } reason)
            {
                report.CountKnown(reason);
                continue;
            }

            report.Findings++;
            var path = Path.Combine(_options.Keep, $"mutation-{_options.Seed}-{i}.wasm");
            File.WriteAllBytes(path, bytes);
            output.WriteLine($"mutation case {i}: {verdict}");
            output.WriteLine($"  kept: {path} ({bytes.Length} bytes)");
            output.WriteLine($"  repeat: dotnet run -c Release --project tests/PluginHost.Fuzz -- validate {path}");
            output.Flush();
        }

        report.Elapsed = clock.Elapsed;
        return report;
    }

    public Verdict Judge(byte[] bytes)
    {
        var engine = AskEngine(bytes);
        var v8 = AskV8(bytes);
        var asksWabt = bytes.Length < LargeModule || engine is null != v8 is null;
        return new Verdict(engine, v8, asksWabt ? AskWabt(bytes) : null, asksWabt);
    }

    public void Dispose()
    {
        _node.Dispose();
        _folder.Dispose();
    }

    private static string? AskEngine(byte[] bytes)
    {
        var clock = Stopwatch.StartNew();

        try
        {
            WasmModule.Load(bytes);
            return clock.Elapsed < s_patience ? null : throw new TimeoutException($"A module of {bytes.Length} bytes took {clock.Elapsed}.");
        }
        catch (MalformedModuleException exception)
        {
            return "malformed: " + exception.Message;
        }
        catch (InvalidModuleException exception)
        {
            return "invalid: " + exception.Message;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // No module may do this to the engine: it becomes a finding, whatever the oracles say.
            return $"{Verdict.Crash}{exception}";
        }
    }

    private string? AskV8(byte[] bytes)
    {
        var answer = _node.Ask(new JsonObject { ["operation"] = "validate", ["modules"] = new JsonArray(Convert.ToBase64String(bytes)) });
        return answer is null ? "no answer" : answer[0]?.GetValue<string>();
    }

    private string? AskWabt(byte[] bytes)
    {
        var path = Path.Combine(_folder.Path, "module.wasm");
        File.WriteAllBytes(path, bytes);
        var (exitCode, output) = Tool.Run(Validator, [.. s_features, path]);
        return exitCode == 0 ? null : output.Replace(path, "", StringComparison.Ordinal).Trim();
    }
}
