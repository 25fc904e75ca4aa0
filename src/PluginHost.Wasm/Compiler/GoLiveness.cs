namespace PluginHost.Wasm.Compiler;

/// <summary>
/// Finds the locals that may be read behind the calls of a function that <see cref="GoFunctionScan"/> reads. It is told what happens in the order of the code, in
/// which no way through a block leads back: so what may be read behind a call is what a look from the block's end back to the call finds.
/// </summary>
internal sealed class GoLiveness
{
    private readonly List<Event> _events = [];
    private bool _hasCall;

    private enum Kind
    {
        Block,
        Call,
        Use,
        Define,
        Leave,
    }

    public void StartBlock()
    {
        if (_hasCall)
            _events.Add(new Event(Kind.Block, 0));

        _hasCall = false;
    }

    public void Call()
    {
        _events.Add(new Event(Kind.Call, 0));
        _hasCall = true;
    }

    /// <summary>A local is read; of what stands before a block's first call nothing need be known.</summary>
    public void Use(ulong locals) => Add(Kind.Use, locals);

    /// <summary>A local is assigned on every way from here on.</summary>
    public void Define(ulong locals) => Add(Kind.Define, locals);

    /// <summary>There is a way to a block from here.</summary>
    public void Leave(int block) => Add(Kind.Leave, (ulong)block);

    /// <summary>The locals that may be read behind each call.</summary>
    /// <param name="live">The locals that may be read from a block's start on.</param>
    public ulong[] BehindCalls(Func<int, ulong> live)
    {
        var found = new Stack<ulong>();
        var now = 0UL;

        for (var i = _events.Count - 1; i >= 0; i--)
        {
            var (kind, value) = _events[i];

            switch (kind)
            {
                case Kind.Block:
                    now = 0;
                    break;
                case Kind.Call:
                    found.Push(now);
                    break;
                case Kind.Use:
                    now |= value;
                    break;
                case Kind.Define:
                    now &= ~value;
                    break;
                case Kind.Leave:
                    now |= live((int)value);
                    break;
            }
        }

        return [.. found];
    }

    private void Add(Kind kind, ulong value)
    {
        if (_hasCall)
            _events.Add(new Event(kind, value));
    }

    private readonly record struct Event(Kind Kind, ulong Value);
}
