namespace PluginHost.Fuzz.Generation.Go;

/// <summary>A loop's <c>br_table</c>: the local that it reads, and the block behind each target, the default last.</summary>
internal sealed record GoDispatch(uint Selector, int[] Targets)
{
    /// <summary>The block that is being written.</summary>
    public int Current { get; set; } = -1;

    /// <summary>Whether a jump with the constant goes to a block that is still to come.</summary>
    public bool GoesForward(int constant) => Targets[(int)Math.Min((uint)constant, (uint)Targets.Length - 1)] > Current;
}
