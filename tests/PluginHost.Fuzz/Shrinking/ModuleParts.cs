using PluginHost.Wasm.Binary;

namespace PluginHost.Fuzz.Shrinking;

/// <summary>A module as a list of sections, to be changed and put together again.</summary>
/// <param name="Sections">Id and content of each, in order.</param>
internal sealed record ModuleParts(IReadOnlyList<(byte Id, byte[] Content)> Sections)
{
    public const byte CodeSection = 10;

    private const int HeaderLength = 8;

    /// <summary>Takes a module apart.</summary>
    /// <exception cref="MalformedModuleException">A section is longer than the module.</exception>
    public static ModuleParts Parse(byte[] bytes)
    {
        var sections = new List<(byte, byte[])>();
        var reader = new ByteReader(bytes, HeaderLength, bytes.Length);

        while (!reader.IsAtEnd)
            sections.Add((reader.ReadByte(), reader.ReadBytes(reader.ReadU32()).ToArray()));

        return new ModuleParts(sections);
    }

    public byte[] ToArray()
    {
        var module = new ModuleBytes();

        foreach (var (id, content) in Sections)
            module.Section(id, content);

        return module.ToArray();
    }

    /// <summary>The items of a section that is a vector, where each item's length stands before it.</summary>
    public byte[][] SizedItems(byte id)
    {
        var content = Sections.FirstOrDefault(section => section.Id == id).Content ?? [0];
        var reader = new ByteReader(content, 0, content.Length);
        var items = new byte[reader.ReadCount(int.MaxValue, "items")][];

        for (var i = 0; i < items.Length; i++)
            items[i] = reader.ReadBytes(reader.ReadU32()).ToArray();

        return items;
    }

    public ModuleParts WithSizedItems(byte id, byte[][] items) => With(id, [.. ModuleBytes.U32((uint)items.Length), .. items.SelectMany(ModuleBytes.Sized)]);

    /// <summary>The parts with another content of the section.</summary>
    public ModuleParts With(byte id, byte[] content) => new([.. Sections.Select(section => section.Id == id ? (id, content) : section)]);

    public ModuleParts WithoutSection(int index) => new([.. Sections.Where((_, i) => i != index)]);
}
