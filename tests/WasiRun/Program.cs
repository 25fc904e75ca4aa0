using System.CommandLine;
using PluginHost.WasiRun;

// Neither @file in an argument nor bundled options: everything behind FILE is the guest's, as it stands.
var configuration = new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null };
var parsed = new RunCommand().Parse(args, configuration);

if (parsed.Errors.Count == 0)
    return parsed.Invoke();

foreach (var error in parsed.Errors)
    Console.Error.WriteLine($"WasiRun: {error.Message}");

Console.Error.WriteLine(RunCommand.Usage);
return ExitCode.NotRun;
