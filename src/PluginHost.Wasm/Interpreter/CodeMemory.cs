using PluginHost.Wasm.Runtime;

namespace PluginHost.Wasm.Interpreter;

/// <summary>
/// Where a module keeps what running code holds pointers into: it never moves, and goes back to the system when the module has been collected. It is not
/// taken from the heap, because the collector cannot move pinned arrays together: modules that come and go would leave their holes there for good.
/// Not to be used by two threads at once.
/// </summary>
internal sealed unsafe class CodeMemory
{
    /// <summary>The address space of the first piece; each further one is twice as large.</summary>
    private const ulong FirstPiece = 1024 * 1024;

    private const ulong LargestPiece = 64 * 1024 * 1024;

    /// <summary>By how many bytes a piece is opened.</summary>
    private const ulong Step = 32 * 1024;

    private readonly List<AddressSpace> _pieces = [];
    private ulong _pieceBytes;
    private ulong _openBytes;
    private ulong _usedBytes;

    /// <summary>Room for elements that are all zero.</summary>
    /// <exception cref="InstantiationException">The system has none left.</exception>
    public T* Allocate<T>(int count)
        where T : unmanaged
    {
        var bytes = (((ulong)count * (ulong)sizeof(T)) + 15) & ~15UL;

        if (_pieces.Count == 0 || bytes > _pieceBytes - _usedBytes)
            AddPiece(bytes);

        if (_usedBytes + bytes > _openBytes)
            Open(_usedBytes + bytes);

        var start = _pieces[^1].Base + _usedBytes;
        _usedBytes += bytes;
        return (T*)start;
    }

    /// <summary>Copies elements to where they stay.</summary>
    /// <exception cref="InstantiationException">The system has no room left.</exception>
    public T* Store<T>(ReadOnlySpan<T> elements)
        where T : unmanaged
    {
        var target = Allocate<T>(elements.Length);
        elements.CopyTo(new Span<T>(target, elements.Length));
        return target;
    }

    private static ulong Steps(ulong bytes) => (bytes + Step - 1) / Step * Step;

    private void Open(ulong end)
    {
        if (!_pieces[^1].TryOpen(_openBytes, Steps(end)))
            throw new InstantiationException("the system has no memory left for the code of a module");

        _openBytes = Steps(end);
    }

    private void AddPiece(ulong atLeast)
    {
        var bytes = Math.Max(Math.Clamp(2 * _pieceBytes, FirstPiece, LargestPiece), Steps(atLeast));

        _pieces.Add(new AddressSpace(0, bytes));
        _pieceBytes = bytes;
        _openBytes = 0;
        _usedBytes = 0;
    }
}
