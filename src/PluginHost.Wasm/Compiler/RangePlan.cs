namespace PluginHost.Wasm.Compiler;

/// <summary>Which of a function's accesses are checked together; see <see cref="CheckedRange"/>.</summary>
internal sealed class RangePlan
{
    private readonly SortedDictionary<int, List<CheckedRange>> _ranges = [];
    private readonly Dictionary<int, (CheckedRange Range, int Displacement)> _accesses = [];

    /// <summary>The ranges by the instruction that they stand before.</summary>
    public IReadOnlyDictionary<int, List<CheckedRange>> Ranges => _ranges;

    public void Add(CheckedRange range)
    {
        if (!_ranges.TryGetValue(range.Instruction, out var ranges))
            _ranges.Add(range.Instruction, ranges = []);

        ranges.Add(range);
    }

    /// <summary>Has the load or store at an index go where a range's local is, plus a displacement.</summary>
    public void Cover(int instruction, CheckedRange range, int displacement) => _accesses.Add(instruction, (range, displacement));

    public bool IsCovered(int instruction) => _accesses.ContainsKey(instruction);

    /// <summary>Compiles what was recorded.</summary>
    public void Compile(FunctionRecording recording, FunctionCompiler compiler)
    {
        recording.Begin(compiler);

        for (var i = 0; i < recording.Instructions.Count; i++)
        {
            if (_ranges.TryGetValue(i, out var ranges))
            {
                foreach (var range in ranges)
                    compiler.CheckRange(range, recording.Instructions[i].At);
            }

            compiler.Covered = _accesses.TryGetValue(i, out var access) ? access : null;
            recording.Replay(compiler, i);
        }
    }
}
