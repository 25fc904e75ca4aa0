using PluginHost.Soak;

SoakOptions options;

try
{
    options = SoakOptions.Parse(args);
}
catch (ArgumentException error)
{
    Console.Error.WriteLine(error.Message);
    Console.Error.WriteLine(SoakOptions.Usage);
    return 2;
}

var scratch = Directory.CreateTempSubdirectory("pluginhost-soak-");
var (violations, report) = (1, "");

using (var run = new SoakRun(options, scratch))
    (violations, report) = await run.RunAsync();

Console.WriteLine();
Console.WriteLine(report);

if (options.ReportFile is { } file)
    await File.WriteAllTextAsync(file, report);

if (options.Keep || violations > 0)
    Console.WriteLine($"The server's data and log are in {scratch.FullName}.");
else
    scratch.Delete(recursive: true);

return violations == 0 ? 0 : 1;
