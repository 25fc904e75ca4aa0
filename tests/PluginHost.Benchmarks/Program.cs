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

switch (options.Mode)
{
    case "hostile":
        await HostileBenchmark.RunAsync(options, built, Console.Out);
        return 0;
    case "memory":
        MemoryBenchmark.Run(options, Console.Out);
        return 0;
    case "bytes":
        await BytesBenchmark.RunAsync(options, Console.Out);
        return 0;
    case "kernels":
        KernelBenchmark.Run(options, Console.Out);
        return 0;
}

var hasServer = options.Mode is "" or "start" or "http" or "traffic";

using (var published = hasServer && options is { Publish: true, ServerFile: null } ? PublishedServer.TryPublish() : null)
{
    var server = options.ServerFile ?? published?.Assembly ?? built;

    if (options.Mode is "" or "start")
    {
        LoadBenchmark.Run(options, report);
        await StartBenchmark.RunAsync(options, report, server);
    }

    if (options.Mode is "" or "calls")
        await CallBenchmark.RunAsync(options, report);

    if (options.Mode is "" or "http")
        await HttpBenchmark.RunAsync(options, report, server);

    if (options.Mode is "traffic")
    {
        await TrafficBenchmark.RunAsync(options, Console.Out, server);
        return 0;
    }

    if (options.Mode is "residents")
        await ResidentsBenchmark.RunAsync(options, report);

    if (options.Mode is "delays")
        DelayBenchmark.Run(options, report);
}

report.WriteTable();

if (options.JsonFile is { } file)
    report.WriteJson(file);

return 0;
