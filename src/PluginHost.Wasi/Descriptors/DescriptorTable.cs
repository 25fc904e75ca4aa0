namespace PluginHost.Wasi.Descriptors;

/// <summary>A guest's open descriptors by number. New ones get the lowest free number, as POSIX has it.</summary>
internal sealed class DescriptorTable(int maximum) : IDisposable
{
    private readonly List<Descriptor?> _descriptors = [];

    public Descriptor? Find(uint number) => number < (uint)_descriptors.Count ? _descriptors[(int)number] : null;

    /// <summary>The descriptor, if it is open and has all of the rights.</summary>
    public Errno Find(uint number, Rights rights, out Descriptor descriptor)
    {
        descriptor = Find(number)!;

        if (descriptor is null)
            return Errno.BadDescriptor;

        return descriptor.Check(rights);
    }

    /// <summary>Whether no further descriptor has room.</summary>
    public bool IsFull => _descriptors.Count >= maximum && !_descriptors.Contains(null);

    /// <summary>Adds a descriptor, which is disposed when there is no room for it.</summary>
    public Errno Add(Descriptor descriptor, out uint number)
    {
        var free = _descriptors.IndexOf(null);

        if (free < 0 && _descriptors.Count >= maximum)
        {
            descriptor.Dispose();
            number = 0;
            return Errno.TooManyOpen;
        }

        if (free < 0)
        {
            free = _descriptors.Count;
            _descriptors.Add(null);
        }

        _descriptors[free] = descriptor;
        number = (uint)free;
        return Errno.Success;
    }

    public Errno Close(uint number)
    {
        if (Find(number) is not { } descriptor)
            return Errno.BadDescriptor;

        _descriptors[(int)number] = null;
        descriptor.Dispose();
        return Errno.Success;
    }

    /// <summary>Moves a descriptor onto another number, whose descriptor is closed.</summary>
    public Errno Renumber(uint from, uint to)
    {
        if (Find(from) is not { } moved || Find(to) is not { } replaced)
            return Errno.BadDescriptor;

        if (from == to)
            return Errno.Success;

        replaced.Dispose();
        _descriptors[(int)to] = moved;
        _descriptors[(int)from] = null;
        return Errno.Success;
    }

    public void Dispose()
    {
        foreach (var descriptor in _descriptors)
            descriptor?.Dispose();

        _descriptors.Clear();
    }
}
