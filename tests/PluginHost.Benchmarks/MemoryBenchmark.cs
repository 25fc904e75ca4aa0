using System.Globalization;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Benchmarks;

/// <summary>
/// What a module, an instance of it after <c>_initialize</c>, and a call cost in memory, in this process: the collector's heap after a full collection, and on
/// Linux what the system holds besides it.
/// </summary>
internal static class MemoryBenchmark
{
    private const int Modules = 16;
    private const int Instances = 32;
    private const int Calls = 10_000;

    private static readonly (string Module, string Export, ulong[] Arguments)[] Rows =
    [
        ("calc", "add", [1, 2]), ("text", "formatFloat", [0x3FF8_0000_0000_0000]), ("kernels", "fib", [10]),
    ];

    public static void Run(BenchmarkOptions options, TextWriter output)
    {
        output.WriteLine("| module | its file | a module | an instance: resident | of it on the heap | its mappings | a call allocates |");
        output.WriteLine("|---|---:|---:|---:|---:|---:|---:|");

        foreach (var (name, export, arguments) in Rows.Where(row => options.Wants(row.Module)))
            output.WriteLine(Row(name, export, arguments));
    }

    private static string Row(string name, string export, ulong[] arguments)
    {
        var bytes = Repository.Sample(name);

        // Compiles the engine itself, which must not count.
        new Guest(Guest.Prepare(bytes)).Dispose();

        var before = Usage.Now();
        List<ExecutableModule> modules = [.. Enumerable.Range(0, Modules).Select(_ => Guest.Prepare(SaltedModule.Of(bytes)))];
        var module = Usage.Now().Since(before, Modules);

        // The first instance makes the code that all share, so it is the module's.
        new Guest(modules[0]).Dispose();
        before = Usage.Now();
        List<Guest> guests = [.. Enumerable.Range(0, Instances).Select(_ => new Guest(modules[0]))];
        var instance = Usage.Now().Since(before, Instances);
        var call = AllocatedByCall(guests[0], export, arguments);

        guests.ForEach(guest => guest.Dispose());
        GC.KeepAlive(modules);

        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {bytes.Length / 1024.0:#,0} KiB | {module.Heap / 1024.0:#,0} KiB | {instance.Resident / 1024.0:#,0} KiB | {instance.Heap / 1024.0:#,0} KiB | {instance.Mappings} | {call} B |");
    }

    private static long AllocatedByCall(Guest guest, string export, ulong[] arguments)
    {
        var function = guest.Function(export);
        Span<ulong> results = stackalloc ulong[1];
        guest.Invoke(function, arguments, results);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < Calls; i++)
            guest.Invoke(function, arguments, results);

        return (GC.GetAllocatedBytesForCurrentThread() - before) / Calls;
    }

    private readonly record struct Usage(long Heap, long Resident, int Mappings)
    {
        public static Usage Now()
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            var isLinux = OperatingSystem.IsLinux();

            return new Usage(GC.GetTotalMemory(false), isLinux ? Environment.WorkingSet : 0, isLinux ? File.ReadLines("/proc/self/maps").Count() : 0);
        }

        public Usage Since(in Usage before, int count) =>
            new((Heap - before.Heap) / count, (Resident - before.Resident) / count, (int)Math.Round((Mappings - before.Mappings) / (double)count));
    }
}
