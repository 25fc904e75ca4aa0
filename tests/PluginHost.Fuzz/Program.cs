using System.CommandLine;
using PluginHost.Fuzz;
using PluginHost.Wasm.Runtime;

var kind = new Option<FuzzKind>("--kind") { Description = "random: binaryen's modules; shapes: modules in Go's shapes; mutation: damaged modules", DefaultValueFactory = _ => FuzzKind.Shapes };
var seed = new Option<int>("--seed") { Description = "where to start; every case has its own number", DefaultValueFactory = _ => 1 };
var seconds = new Option<int>("--seconds") { Description = "how long", DefaultValueFactory = _ => 60 };
var cases = new Option<int>("--cases") { Description = "how many cases at the most", DefaultValueFactory = _ => int.MaxValue };
var engine = new Option<string?>("--engine") { Description = "one engine; all of them without" };
var keep = new Option<DirectoryInfo>("--keep") { Description = "where modules that differ are kept", DefaultValueFactory = _ => new DirectoryInfo("fuzz-findings") };
var quiet = new Option<bool>("--quiet") { Description = "say only whether there is a difference" };
var file = new Argument<FileInfo>("FILE") { Description = "a module" };

var run = new Command("run", "Runs cases for a given time, and keeps and shrinks those on which the executors differ.") { kind, seed, seconds, cases, engine, keep };
run.SetAction(result =>
{
    var folder = Directory.CreateTempSubdirectory("wasm-fuzz-");
    using var fuzz = new FuzzRun(result.GetValue(kind), Engines(result.GetValue(engine)), folder.FullName);
    var findings = 0;

    fuzz.Run(result.GetValue(seed), result.GetValue(cases), TimeSpan.FromSeconds(result.GetValue(seconds)), finding =>
    {
        if (finding is null)
        {
            Console.WriteLine($"{DateTime.UtcNow:HH:mm:ss} {fuzz.Counts}, {findings} findings");
            return;
        }

        findings++;
        Keep(finding, result.GetValue(kind), result.GetValue(keep)!, folder.FullName, fuzz);
    });

    Console.WriteLine($"{result.GetValue(kind).ToString().ToLowerInvariant()}: {fuzz.Counts}, {findings} findings");
    folder.Delete(recursive: true);
    return findings == 0 ? 0 : 1;
});

var check = new Command("check", "Looks at one module again; exits with 1 where the executors differ.") { file, kind, seed, engine, quiet };
check.SetAction(result =>
{
    var folder = Directory.CreateTempSubdirectory("wasm-fuzz-");
    using var fuzz = new FuzzRun(result.GetValue(kind), Engines(result.GetValue(engine)), folder.FullName);
    var difference = fuzz.Check(File.ReadAllBytes(result.GetValue(file)!.FullName), result.GetValue(seed));
    Console.WriteLine(difference is null ? "same" : result.GetValue(quiet) ? "different" : difference);
    folder.Delete(recursive: true);
    return difference is null ? 0 : 1;
});

var show = new Command("show", "Writes the module of a seed.") { file, kind, seed };
show.SetAction(result =>
{
    var folder = Directory.CreateTempSubdirectory("wasm-fuzz-");
    var random = result.GetValue(kind) == FuzzKind.Random;
    File.WriteAllBytes(result.GetValue(file)!.FullName, random ? BinaryenGenerator.Generate(result.GetValue(seed), folder.FullName)! : ShapeGenerator.Generate(result.GetValue(seed)));
    folder.Delete(recursive: true);
});

return new RootCommand("Compares the engines with V8 (node) and wabt's interpreter, and the validator with wabt's.") { run, check, show }.Parse(args).Invoke();

static IReadOnlyList<IExecutionEngine> Engines(string? name) => name is null ? ExecutionEngines.All : [ExecutionEngines.Named(name)];

static void Keep(Finding finding, FuzzKind kind, DirectoryInfo target, string folder, FuzzRun fuzz)
{
    target.Create();
    var name = Path.Combine(target.FullName, $"{kind.ToString().ToLowerInvariant()}-{finding.Seed}");
    File.WriteAllBytes(name + ".wasm", finding.Module);
    var small = kind == FuzzKind.Mutation ? Shrinker.ShrinkBytes(finding.Module, module => fuzz.Check(module, finding.Seed) is not null) : Shrinker.Shrink(finding, kind, folder);
    File.WriteAllBytes(name + ".small.wasm", small);
    Console.WriteLine($"DIFFERENT {finding.Difference}");
    Console.WriteLine($"  check {name}.small.wasm --kind {kind.ToString().ToLowerInvariant()} --seed {finding.Seed}   ({finding.Module.Length} bytes, shrunk to {small.Length})");
}
