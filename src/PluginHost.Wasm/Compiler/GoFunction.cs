namespace PluginHost.Wasm.Compiler;

/// <summary>
/// What was proved of a function that has the shape of Go's: its code is a row of blocks, and a <c>br_table</c> on local 0 at its head enters at any of them. Local 1
/// is SP and always as far from its value at entry as its place in the code says; so is global 0 at every call and between the blocks.
/// </summary>
/// <param name="Blocks">In the order of the code; the first is where a call starts.</param>
/// <param name="Targets">The block for each selector, the last for all that are higher; empty where there is no <c>br_table</c>.</param>
/// <param name="Calls">The calls of functions in Go's convention, in the order of the code.</param>
/// <param name="LiveBehindCalls">For each call that is not in Go's convention, in the order of the code, the locals that may be read behind it: a bit for each.</param>
/// <param name="Lowest">How far SP goes below its value at entry, in bytes.</param>
/// <param name="CallsNothing">Whether it calls no function of any kind, so that it takes no more of the thread's stack than its own frame.</param>
internal sealed record GoFunction(GoBlock[] Blocks, int[] Targets, GoCall[] Calls, ulong[] LiveBehindCalls, int Lowest, bool CallsNothing)
{
    public bool HasDispatch => Targets.Length > 0;
}
