using PluginHost.Fuzz.Cases;
using PluginHost.Fuzz.Shrinking;
using PluginHost.Wasm.Binary;

namespace PluginHost.Fuzz.Mutation;

/// <summary>Changes a module here and there: anywhere, or within one section, body or instruction whose surroundings then still fit.</summary>
internal sealed class ModuleMutator(FuzzRandom random)
{
    private static readonly byte[] s_bytes = [0x00, 0x01, 0x02, 0x04, 0x05, 0x0B, 0x0C, 0x0F, 0x10, 0x20, 0x23, 0x3F, 0x40, 0x41, 0x60, 0x6F, 0x70, 0x7B, 0x7F, 0x80, 0xC4, 0xD0, 0xFC, 0xFD, 0xFF];

    public byte[] Mutate(byte[] bytes)
    {
        for (var count = random.Pick(1, 1, 1, 2, 4, 8); count > 0; count--)
        {
            // The parts can be found only as long as the outline is what it was.
            if (TryParse(bytes) is not { } parts)
                return Scramble(bytes, 1);

            bytes = random.Below(10) switch
            {
                0 => Scramble(bytes, 8),
                1 => MutateSections(parts),
                2 or 3 or 4 => MutateSection(parts),
                5 => MutateBody(parts, body => Scramble(body, 0)),
                _ => MutateBody(parts, MutateInstruction),
            };
        }

        return bytes;
    }

    private static ModuleParts? TryParse(byte[] bytes)
    {
        try
        {
            return bytes.Length < 8 ? null : ModuleParts.Parse(bytes);
        }
        catch (MalformedModuleException)
        {
            return null;
        }
    }

    private byte[] MutateSections(ModuleParts parts)
    {
        var sections = parts.Sections.ToList();

        if (sections.Count == 0)
            return parts.ToArray();

        var (from, to) = (random.Below(sections.Count), random.Below(sections.Count));

        switch (random.Below(5))
        {
            case 0:
                sections.RemoveAt(from);
                break;
            case 1:
                sections.Insert(to, sections[from]);
                break;
            case 2:
                (sections[from], sections[to]) = (sections[to], sections[from]);
                break;
            case 3:
                sections[from] = ((byte)random.Below(15), sections[from].Content);
                break;
            default:
                sections.Insert(to, ((byte)random.Below(14), [.. random.Chance(50) ? ModuleBytes.Name("x") : [], .. random.Bytes(random.Below(6))]));
                break;
        }

        return new ModuleParts(sections).ToArray();
    }

    /// <summary>Changes a section's content; its size follows.</summary>
    private byte[] MutateSection(ModuleParts parts)
    {
        if (parts.Sections.Count == 0)
            return parts.ToArray();

        var index = random.Below(parts.Sections.Count);
        return new ModuleParts([.. parts.Sections.Select((section, i) => i == index ? (section.Id, Scramble(section.Content, 0)) : section)]).ToArray();
    }

    /// <summary>Changes a function's body; all sizes follow.</summary>
    private byte[] MutateBody(ModuleParts parts, Func<byte[], byte[]> mutate)
    {
        try
        {
            var bodies = parts.SizedItems(ModuleParts.CodeSection);

            if (bodies.Length > 0)
            {
                ref var body = ref bodies[random.Below(bodies.Length)];
                body = mutate(body);
                return parts.WithSizedItems(ModuleParts.CodeSection, bodies).ToArray();
            }
        }
        catch (MalformedModuleException)
        {
            // An earlier change tore the section or the body.
        }

        return MutateSection(parts);
    }

    private byte[] MutateInstruction(byte[] body)
    {
        var parts = BodyParts.Parse(body);

        if (parts.Instructions.Count == 0)
            return Scramble(body, 0);

        var at = random.Below(parts.Instructions.Count);
        var other = parts.Instructions[random.Below(parts.Instructions.Count)];

        return (random.Below(7) switch
        {
            0 => parts.Replace(at, 1),
            1 => parts.Replace(at, 1, parts.Instructions[at], parts.Instructions[at]),
            2 => parts.Replace(at, 1, other),
            3 => parts.Replace(at, 0, other),
            4 => parts.Replace(at, 1, Scramble(parts.Instructions[at], 0)),
            5 => parts.Replace(at, 1, [(byte)random.Below(0xD3), .. parts.Instructions[at].Skip(1)]),
            _ => parts.Replace(at, 0, [0xFC, (byte)random.Below(20), .. random.Bytes(random.Below(3)).Select(value => (byte)(value & 1))]),
        }).ToArray();
    }

    /// <summary>Changes bytes from <paramref name="start"/> on, without regard to what they mean.</summary>
    private byte[] Scramble(byte[] bytes, int start)
    {
        if (bytes.Length <= start)
            return [.. bytes, random.Pick<byte>(s_bytes)];

        var at = random.Between(Math.Min(start, bytes.Length - 1), bytes.Length - 1);
        var length = Math.Min(random.Between(1, 4), bytes.Length - at);

        return random.Below(9) switch
        {
            0 => [.. bytes[..at], (byte)(bytes[at] ^ (1 << random.Below(8))), .. bytes[(at + 1)..]],
            1 or 2 => [.. bytes[..at], random.Pick<byte>(s_bytes), .. bytes[(at + 1)..]],
            3 => [.. bytes[..at], (byte)(bytes[at] + random.Between(-2, 2)), .. bytes[(at + 1)..]],
            4 => [.. bytes[..at], random.Pick<byte>(s_bytes), .. bytes[at..]],
            5 => [.. bytes[..at], .. bytes[(at + length)..]],
            6 => [.. bytes[..(at + length)], .. bytes[at..]],
            7 => [.. bytes[..at], .. LongNumber(bytes[at]), .. bytes[(at + 1)..]],
            _ => [.. bytes[..at], .. random.Bytes(length), .. bytes[(at + length)..]],
        };
    }

    /// <summary>A number in more bytes than it needs, perhaps more than it may have.</summary>
    private byte[] LongNumber(byte value)
    {
        var sign = random.Chance(50) ? (byte)0x00 : (byte)0x7F;
        var middle = Enumerable.Repeat((byte)(sign | 0x80), random.Below(10));
        return [(byte)(value | 0x80), .. middle, random.Chance(70) ? sign : (byte)(random.Below(128))];
    }
}
