using System.Diagnostics.CodeAnalysis;
using PluginHost.Wasm.Modules;

namespace PluginHost.Wasm.Runtime;

/// <summary>
/// A module instance (spec 4.2.5). One thread at a time may run its functions; <see cref="Interrupt"/> may come from any thread. Disposing it gives its
/// memory back at once.
/// </summary>
public abstract class WasmInstance : IDisposable
{
    public abstract WasmModule Module { get; }

    /// <summary>The memory, own or imported; null where the module has none.</summary>
    public LinearMemory? Memory => throw new NotImplementedException();

    /// <summary>What the module exports under the name: a <see cref="WasmFunction"/>, <see cref="LinearMemory"/>, <see cref="Table"/> or <see cref="Global"/>.</summary>
    /// <exception cref="KeyNotFoundException">There is no such export.</exception>
    public object Export(string name) => throw new NotImplementedException();

    /// <summary>The exported function of the name.</summary>
    public bool TryGetFunction(string name, [NotNullWhen(true)] out WasmFunction? function) => throw new NotImplementedException();

    /// <summary>
    /// Calls a function of this instance, or one that it imports or holds in a table. Calls may be nested: from a host function that the instance called.
    /// </summary>
    /// <param name="arguments">One for each parameter, as bits: 32-bit ones in the low half; what stands in the high half is ignored.</param>
    /// <param name="results">Room for one for each result; 32-bit ones come zero-extended.</param>
    /// <param name="budget">What the call may use. A nested call is under its outer call's budget as well.</param>
    /// <exception cref="TrapException">The guest trapped or a limit ended it.</exception>
    /// <exception cref="ArgumentException">The number of arguments or the room for results is wrong.</exception>
    public void Invoke(WasmFunction function, ReadOnlySpan<ulong> arguments, Span<ulong> results, ExecutionBudget budget = default) => throw new NotImplementedException();

    /// <summary>The state of type <typeparamref name="T"/> that the instance was made with.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public T State<T>()
        where T : class
        => throw new NotImplementedException();

    /// <summary>Ends the running call, from any thread: with the trap of the given kind, within about a millisecond. Without a running call it does nothing.</summary>
    public void Interrupt(TrapKind reason) => throw new NotImplementedException();

    /// <summary>Fires when the running call is interrupted, so that a blocking host function can wait on it. It stands for the running call only.</summary>
    public CancellationToken Interruption => throw new NotImplementedException();

    internal void ThrowIfInterrupted() => throw new NotImplementedException();

    internal void Sleep(TimeSpan duration) => throw new NotImplementedException();

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        throw new NotImplementedException();
    }
}
