using PluginHost.Wasm.Binary;

namespace PluginHost.Wasm.Modules;

/// <summary>
/// What the active data segments of a module make of a memory, as a few large runs: Go's linker leaves out every run of zeros above eight bytes and so makes
/// up to 100,000 segments of 25 bytes. Applying the runs does what applying the segments in their order does, where all of them fit.
/// </summary>
public sealed class DataImage
{
    // A gap costs its bytes once for each module, and a run its handling once for each instance.
    private const int MaximumGap = 4_096;
    private const int FreeGapBytes = 1024 * 1024;

    private readonly DataRun[] _runs;

    private DataImage(DataRun[] runs, byte[] bytes, ulong requiredBytes, bool isComplete)
    {
        _runs = runs;
        Bytes = bytes;
        RequiredBytes = requiredBytes;
        IsComplete = isComplete;
    }

    /// <summary>
    /// Whether the image stands for all active segments. It does not where an address depends on a global or a segment ends above 4 GiB: the segments
    /// are then to be applied one by one.
    /// </summary>
    public bool IsComplete { get; }

    /// <summary>The size that a memory must have for all segments to fit. A smaller one must get them one by one, up to the one that traps.</summary>
    public ulong RequiredBytes { get; }

    /// <summary>The runs by ascending address, without overlap. Zeros may stand between segments where the module defines the memory itself.</summary>
    public ReadOnlySpan<DataRun> Runs => _runs;

    /// <summary>The bytes of all runs.</summary>
    public byte[] Bytes { get; }

    public ReadOnlySpan<byte> RunBytes(in DataRun run) => Bytes.AsSpan(run.Offset, run.Length);

    internal static DataImage Create(WasmModule module)
    {
        var segments = module.DataSegments;
        var places = new List<(uint Address, int Segment)>(segments.Length);
        var dataBytes = 0L;
        var required = 0UL;

        for (var i = 0; i < segments.Length; i++)
        {
            ref readonly var segment = ref segments[i];

            if (segment.Mode != SegmentMode.Active)
                continue;

            if (!TryReadAddress(module, segment.MemoryOffset, out var address) || address + (ulong)segment.Length > 1UL << 32)
                return new DataImage([], [], 0, isComplete: false);

            required = Math.Max(required, address + (ulong)segment.Length);

            if (segment.Length == 0)
                continue;

            places.Add((address, i));
            dataBytes += segment.Length;
        }

        // An imported memory may hold something in the gaps.
        var gapBudget = module.ImportsMemory ? 0 : (2 * dataBytes) + FreeGapBytes;
        var sorted = IsAscending(places) ? places : [.. places.OrderBy(place => place.Address)];
        var runs = Merge(segments, sorted, module.ImportsMemory ? 0 : MaximumGap, gapBudget);
        var bytes = new byte[runs.Count == 0 ? 0 : runs[^1].Offset + runs[^1].Length];
        Copy(module, places, runs, bytes);
        return new DataImage([.. runs], bytes, required, isComplete: true);
    }

    private static bool TryReadAddress(WasmModule module, in ConstantExpression expression, out uint address)
    {
        var reader = new ByteReader(module.Bytes, expression.Offset, expression.Offset + expression.Length);
        address = 0;

        if (reader.ReadByte() != (byte)Opcode.I32Const)
            return false;

        address = (uint)reader.ReadS32();
        return reader.ReadByte() == (byte)Opcode.End;
    }

    private static bool IsAscending(List<(uint Address, int Segment)> places)
    {
        for (var i = 1; i < places.Count; i++)
        {
            if (places[i].Address < places[i - 1].Address)
                return false;
        }

        return true;
    }

    private static List<DataRun> Merge(DataSegment[] segments, List<(uint Address, int Segment)> sorted, int maximumGap, long gapBudget)
    {
        var runs = new List<DataRun>();
        var start = 0UL;
        var end = 0UL;
        var offset = 0;

        foreach (var (address, segment) in sorted)
        {
            var segmentEnd = address + (ulong)segments[segment].Length;
            var gap = address > end ? (long)(address - end) : 0;

            if (end > 0 && gap <= maximumGap && gap <= gapBudget)
            {
                gapBudget -= gap;
                end = Math.Max(end, segmentEnd);
                continue;
            }

            if (end > 0)
            {
                runs.Add(new DataRun((uint)start, offset, (int)(end - start)));
                offset += (int)(end - start);
            }

            (start, end) = (address, segmentEnd);
        }

        if (end > 0)
            runs.Add(new DataRun((uint)start, offset, (int)(end - start)));

        return runs;
    }

    // In the segments' own order, so that a later one overwrites what it overlaps.
    private static void Copy(WasmModule module, List<(uint Address, int Segment)> places, List<DataRun> runs, byte[] bytes)
    {
        var current = 0;

        foreach (var (address, index) in places)
        {
            if (runs[current].Address > address || runs[current].Address + (ulong)runs[current].Length <= address)
                current = Find(runs, address);

            ref readonly var segment = ref module.DataSegments[index];
            module.Bytes.AsSpan(segment.Offset, segment.Length).CopyTo(bytes.AsSpan(runs[current].Offset + (int)(address - runs[current].Address)));
        }
    }

    private static int Find(List<DataRun> runs, uint address)
    {
        var (low, high) = (0, runs.Count - 1);

        while (low < high)
        {
            var middle = (low + high + 1) / 2;

            if (runs[middle].Address <= address)
                low = middle;
            else
                high = middle - 1;
        }

        return low;
    }
}
