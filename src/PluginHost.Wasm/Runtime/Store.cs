namespace PluginHost.Wasm.Runtime;

/// <summary>
/// Where references to functions live (spec 4.2.3): a reference is 0 for null, or the number by which the store knows the function. References to
/// externals are the host's own numbers, of which 0 is null. An instance's functions take one range of numbers, so that running code knows its own
/// without asking. A store may serve instances on several threads.
/// </summary>
public sealed class Store
{
    private readonly Lock _lock = new();
    private readonly List<(ulong First, WasmInstance Instance)> _instances = [];
    private readonly List<(ulong Reference, WasmFunction Function)> _singles = [];
    private readonly Dictionary<WasmFunction, ulong> _references = new(ReferenceEqualityComparer.Instance);
    private ulong _next = 1;

    /// <summary>The reference to a function, which the store remembers for its own lifetime.</summary>
    public ulong Reference(WasmFunction function)
    {
        if (function is DefinedFunction defined && defined.Owner.Store == this)
            return defined.Owner.FirstReference + (defined.Index - (uint)defined.Owner.Module.ImportedFunctionCount);

        lock (_lock)
        {
            if (!_references.TryGetValue(function, out var reference))
            {
                reference = _next++;
                _references.Add(function, reference);
                _singles.Add((reference, function));
            }

            return reference;
        }
    }

    /// <summary>The function that a reference names.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The reference is null or unknown.</exception>
    public WasmFunction Function(ulong reference)
    {
        lock (_lock)
        {
            var index = Find(_instances, reference, entry => entry.First);

            if (index >= 0)
            {
                var (first, instance) = _instances[index];

                if (reference - first < (ulong)instance.Module.FunctionBodies.Length)
                    return instance.Function((uint)(reference - first) + (uint)instance.Module.ImportedFunctionCount);
            }

            index = Find(_singles, reference, entry => entry.Reference);

            if (index >= 0 && _singles[index].Reference == reference)
                return _singles[index].Function;
        }

        throw new ArgumentOutOfRangeException(nameof(reference), reference, "no function has this reference");
    }

    /// <summary>Takes a range of references for the functions that an instance defines.</summary>
    internal ulong Register(WasmInstance instance)
    {
        lock (_lock)
        {
            var first = _next;
            _next += (ulong)instance.Module.FunctionBodies.Length;
            _instances.Add((first, instance));
            return first;
        }
    }

    /// <summary>The last entry that starts at or before the reference: entries are in ascending order as they are made.</summary>
    private static int Find<T>(List<T> entries, ulong reference, Func<T, ulong> first)
    {
        var (low, high) = (0, entries.Count);

        while (low < high)
        {
            var middle = (low + high) >> 1;

            if (first(entries[middle]) <= reference)
                low = middle + 1;
            else
                high = middle;
        }

        return low - 1;
    }
}
