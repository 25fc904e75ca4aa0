using PluginHost.Wasm.Binary;

namespace PluginHost.Wasm.Compiler;

/// <summary>Finds the locals that the rest of a Go function may read, at each of a plan's ranges: going back from the function's end, and from what is known of its blocks.</summary>
internal static class LocalLiveness
{
    public static void Find(FunctionRecording recording, GoFunction go, RangePlan plan)
    {
        if (plan.Ranges.Count == 0)
            return;

        var live = 0UL;
        var arms = new Stack<(ulong Behind, ulong? Else)>();
        var isIf = IfEnds(recording);

        for (var i = recording.Instructions.Count - 1; i >= 0; i--)
        {
            var instruction = recording.Instructions[i];

            switch (instruction.Opcode)
            {
                case Opcode.Return or Opcode.Unreachable or Opcode.ReturnCall or Opcode.ReturnCallIndirect:
                    live = 0;
                    break;
                case Opcode.Br:
                    // A constant was just assigned to the selector.
                    var selector = (uint)recording.Instructions[i - 2].Bits;
                    live = go.Blocks[go.Targets[(int)Math.Min(selector, (uint)go.Targets.Length - 1)]].Live;
                    break;
                case Opcode.End when isIf.Contains(i):
                    arms.Push((live, null));
                    break;
                case Opcode.Else:
                    var (behind, _) = arms.Pop();
                    arms.Push((behind, live));
                    live = behind;
                    break;
                case Opcode.If:
                    var arm = arms.Pop();
                    live |= arm.Else ?? arm.Behind;
                    break;
                case Opcode.LocalGet:
                    live |= 1UL << (int)instruction.First;
                    break;
                case Opcode.LocalSet or Opcode.LocalTee:
                    live &= ~(1UL << (int)instruction.First);
                    break;
            }

            if (plan.Ranges.TryGetValue(i, out var ranges))
                ranges.ForEach(range => range.Live = live);
        }
    }

    private static HashSet<int> IfEnds(FunctionRecording recording)
    {
        var ends = new HashSet<int>();
        var frames = new Stack<Opcode>();

        for (var i = 0; i < recording.Instructions.Count; i++)
        {
            switch (recording.Instructions[i].Opcode)
            {
                case Opcode.Block or Opcode.Loop or Opcode.If:
                    frames.Push(recording.Instructions[i].Opcode);
                    break;
                case Opcode.End when frames.TryPop(out var frame) && frame == Opcode.If:
                    ends.Add(i);
                    break;
            }
        }

        return ends;
    }
}
