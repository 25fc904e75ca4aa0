using PluginHost.Benchmarks;

BenchmarkOptions options;

try
{
    options = BenchmarkOptions.Parse(args);
}
catch (ArgumentException error)
{
    Console.Error.WriteLine(error.Message);
    Console.Error.WriteLine(BenchmarkOptions.Usage);
    return 2;
}

var report = new Report(Console.Out);
var built = Path.Combine(AppContext.BaseDirectory, "PluginHost.Api.dll");

if (options.Mode == "hostile")
{
    await HostileBenchmark.RunAsync(options, built, Console.Out);
    return 0;
}

if (options.Mode == "memory")
{
    MemoryBenchmark.Run(options, Console.Out);
    return 0;
}

if (options.Mode == "kernels")
{
    KernelBenchmark.Run(options, Console.Out);
    return 0;
}

InstanceBenchmark.Run(options, report);

await UploadBenchmark.RunAsync(options, report, built, "as built");

using (var published = options.Publish ? PublishedServer.TryPublish() : null)
{
    if (published is not null)
        await UploadBenchmark.RunAsync(options, report, published.Assembly, "ReadyToRun");

    await HttpBenchmark.RunAsync(options, report, published?.Assembly ?? built, published is null ? "as built" : "ReadyToRun");
}

report.WriteTable();

if (options.JsonFile is { } file)
    report.WriteJson(file);

return 0;
