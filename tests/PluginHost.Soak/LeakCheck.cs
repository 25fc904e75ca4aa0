namespace PluginHost.Soak;

/// <summary>Compares a process at rest with itself at rest, much load later.</summary>
/// <param name="Name">Which process.</param>
/// <param name="Before">After the warm-up.</param>
/// <param name="After">After the load.</param>
/// <param name="Requests">How many requests the load was.</param>
internal sealed record LeakCheck(string Name, ResourceSample Before, ResourceSample After, int Requests)
{
    /// <summary>What each request may leave behind. It is less than the smallest object, as most requests leave nothing.</summary>
    private const double BytesPerRequest = 8;

    private double Megabytes => BytesPerRequest * Requests / 1024 / 1024;

    /// <summary>What grew beyond what is put down to chance: a heap that is laid out otherwise, a timer's thread.</summary>
    public IEnumerable<string> Leaks(bool isSmoke)
    {
        var (factor, heap, resident, few) = isSmoke ? (1.5, 16.0, 120.0, 48) : (1.15, 1.5, 16.0, 8);

        if (After.HeapMegabytes > Before.HeapMegabytes + heap + Megabytes)
            yield return $"{Name}: what is in use on the heap grew from {Before.HeapMegabytes:0.0} to {After.HeapMegabytes:0.0} MB with {Requests} requests";

        if (After.ResidentMegabytes > Before.ResidentMegabytes + resident + Megabytes)
            yield return $"{Name}: the resident memory grew from {Before.ResidentMegabytes:0} to {After.ResidentMegabytes:0} MB";

        if (After.Threads > Before.Threads + few)
            yield return $"{Name}: {Before.Threads} threads became {After.Threads}";

        if (After.Descriptors > Before.Descriptors + few)
            yield return $"{Name}: {Before.Descriptors} file descriptors became {After.Descriptors}";

        if (After.Mappings > (Before.Mappings * factor) + (few * 6))
            yield return $"{Name}: {Before.Mappings} memory mappings became {After.Mappings}";

        if (After.Files > Before.Files)
            yield return $"{Name}: {Before.Files} files in the data directory became {After.Files}";
    }
}
