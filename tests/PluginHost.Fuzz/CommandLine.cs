using System.CommandLine;
using PluginHost.Fuzz.Mutation;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Fuzz;

/// <summary>The commands and their options.</summary>
internal static class CommandLine
{
    private static readonly Option<int> s_seconds = new("--seconds") { Description = "How long to run.", DefaultValueFactory = _ => 60 };
    private static readonly Option<int> s_seed = new("--seed") { Description = "What every choice follows from.", DefaultValueFactory = _ => 1 };
    private static readonly Option<int> s_first = new("--first") { Description = "The number of the first case.", DefaultValueFactory = _ => 0 };
    private static readonly Option<int> s_cases = new("--cases") { Description = "The most cases to run.", DefaultValueFactory = _ => int.MaxValue };
    private static readonly Option<int> s_rounds = new("--rounds") { Description = "How many times each export is called.", DefaultValueFactory = _ => 4 };
    private static readonly Option<string?> s_engine = new("--engine") { Description = "The one engine to test; without it, all of them." };
    private static readonly Option<string> s_source = new("--source") { Description = "Where modules come from: random, go, shape, sample or all.", DefaultValueFactory = _ => "all" };
    private static readonly Option<bool> s_noShrink = new("--no-shrink") { Description = "Keep modules as they were found." };

    private static readonly Option<string> s_keep = new("--keep")
    {
        Description = "The folder for modules that show a difference.",
        DefaultValueFactory = _ => new FuzzOptions().Keep,
    };

    public static RootCommand Create() => new("Looks for modules on which the engine and other engines differ.")
    {
        Differential(),
        Check(),
        Mutation(),
        Validate(),
    };

    private static Command Differential()
    {
        var command = new Command("differential", "Runs generated modules on our engines, on V8 and on wabt's interpreter, and compares results, traps and memories.")
        {
            s_seconds, s_seed, s_first, s_cases, s_rounds, s_engine, s_source, s_noShrink, s_keep,
        };

        command.SetAction(parsed =>
        {
            using var fuzzer = new DifferentialFuzzer(Options(parsed));
            return Report(fuzzer.Run(Console.Out));
        });

        return command;
    }

    private static Command Check()
    {
        var file = new Argument<FileInfo>("file") { Description = "The module." };
        var seed = new Option<int>("--case-seed") { Description = "What the calls' arguments follow from." };
        var command = new Command("check", "Runs one module as 'differential' does.") { file, seed, s_rounds, s_engine, s_keep };

        command.SetAction(parsed =>
        {
            using var fuzzer = new DifferentialFuzzer(Options(parsed));
            var difference = fuzzer.Check(File.ReadAllBytes(parsed.GetValue(file)!.FullName), parsed.GetValue(seed), new FuzzReport());
            Console.WriteLine(difference ?? "no difference");
            return difference is null ? 0 : 1;
        });

        return command;
    }

    private static Command Mutation()
    {
        var command = new Command("mutation", "Mutates modules and compares what decoder and validator, V8 and wasm-validate say of them.") { s_seconds, s_seed, s_first, s_cases, s_keep };

        command.SetAction(parsed =>
        {
            using var fuzzer = new MutationFuzzer(Options(parsed));
            var report = fuzzer.Run(Console.Out);
            Console.WriteLine(report);
            return report.Findings == 0 ? 0 : 1;
        });

        return command;
    }

    private static Command Validate()
    {
        var file = new Argument<FileInfo>("file") { Description = "The module." };
        var command = new Command("validate", "Judges one module as 'mutation' does.") { file, s_keep };

        command.SetAction(parsed =>
        {
            using var fuzzer = new MutationFuzzer(Options(parsed));
            var verdict = fuzzer.Judge(File.ReadAllBytes(parsed.GetValue(file)!.FullName));
            Console.WriteLine(verdict);
            Console.WriteLine(verdict.IsUnanimous ? "no difference" : KnownDifferences.Reason(verdict) ?? "a difference");
            return verdict.IsUnanimous || KnownDifferences.Reason(verdict) is not null ? 0 : 1;
        });

        return command;
    }

    private static int Report(FuzzReport report)
    {
        Console.WriteLine(report);
        return report.Findings == 0 ? 0 : 1;
    }

    private static FuzzOptions Options(ParseResult parsed)
    {
        var options = new FuzzOptions
        {
            Seed = parsed.GetValue(s_seed),
            Duration = TimeSpan.FromSeconds(parsed.GetValue(s_seconds)),
            First = parsed.GetValue(s_first),
            MaximumCases = parsed.GetValue(s_cases),
            Engines = parsed.GetValue(s_engine) is { } name
                ? [FuzzOptions.All(parsed.GetValue(s_seed)).FirstOrDefault(engine => engine.Name == name) ?? ExecutionEngines.Named(name)]
                : FuzzOptions.All(parsed.GetValue(s_seed)),
            Source = parsed.GetValue(s_source) ?? "all",
            Rounds = parsed.GetValue(s_rounds),
            Keep = parsed.GetValue(s_keep)!,
            Shrink = !parsed.GetValue(s_noShrink),
        };

        if (Oracles.Obstacle is { } obstacle)
            throw new InvalidOperationException(obstacle);

        Directory.CreateDirectory(options.Keep);
        return options;
    }
}
