using PluginHost.Fuzz.Cases;
using PluginHost.Fuzz.Execution;
using PluginHost.Fuzz.Shrinking;
using PluginHost.Wasm.Binary;
using PluginHost.Wasm.Modules;

namespace PluginHost.Fuzz.Generation;

/// <summary>
/// The sample plugins, made by Go's own toolchain, with other constants, offsets and instructions of the same types in some of their functions: still valid,
/// still in Go's shape, and soon astray.
/// </summary>
internal sealed class SampleSource : IModuleSource
{
    private const byte MemorySection = 5;

    // Those that need no more of a host than the fuzzer's has.
    private readonly byte[][] _samples =
    [
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "plugins"), "*.wasm", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .Select(File.ReadAllBytes)
            .Where(bytes => WasmModule.Load(bytes).Imports.All(import => import.Module == HostModule.Wasi.Name && HostModule.Wasi.Items.Any(item => item.Name == import.Name))),
    ];

    /// <summary>Instructions without immediates or with a memory's, by what they take and give and whether they access memory.</summary>
    private static readonly Dictionary<Opcode, Opcode[]> s_alike = Opcodes.All.ToArray()
        .Where(row => row.Operands.Length > 0 && (row.Immediates == Immediates.MemoryArgument || (row.Immediates == Immediates.None && row.Results.Length == 1)))
        .GroupBy(row => (string.Join(',', row.Operands), string.Join(',', row.Results), row.Immediates), row => row.Opcode)
        .SelectMany(group => group.Select(opcode => (opcode, group.ToArray())))
        .ToDictionary();

    public string Name => "sample";

    public byte[]? Create(FuzzRandom random)
    {
        var parts = ModuleParts.Parse(random.Pick<byte[]>(_samples));
        var bodies = parts.SizedItems(ModuleParts.CodeSection);

        for (var count = random.Below(1 << random.Below(7)); count > 0; count--)
        {
            var index = random.Below(bodies.Length);
            bodies[index] = Mutate(bodies[index], random);
        }

        return WithMaximum(parts).WithSizedItems(ModuleParts.CodeSection, bodies).ToArray();
    }

    /// <summary>Gives the memory a maximum, as every engine would stop at one of its own.</summary>
    private static ModuleParts WithMaximum(ModuleParts parts)
    {
        var memory = parts.Sections.First(section => section.Id == MemorySection).Content;
        var pages = new ByteReader(memory, 2, memory.Length).ReadU32();
        return parts.With(MemorySection, [1, 1, .. ModuleBytes.U32(pages), .. ModuleBytes.U32(EngineExecutor.MaximumPages)]);
    }

    private static byte[] Mutate(byte[] bytes, FuzzRandom random)
    {
        var body = BodyParts.Parse(bytes);

        // Some instructions have nothing to change.
        for (var attempt = 0; attempt < 20; attempt++)
        {
            var at = random.Below(body.Instructions.Count);

            if (Replace(body.Instructions[at], random) is { } changed)
                return body.Replace(at, 1, changed).ToArray();
        }

        return bytes;
    }

    private static byte[]? Replace(byte[] instruction, FuzzRandom random)
    {
        var opcode = (Opcode)instruction[0];

        switch (opcode)
        {
            case Opcode.I32Const:
                var narrow = new ByteReader(instruction, 1, instruction.Length).ReadS32();
                return new CodeWriter().I32(random.Chance(70) ? narrow + random.Between(-8, 8) : (int)random.Bits32()).ToArray();
            case Opcode.I64Const:
                var wide = new ByteReader(instruction, 1, instruction.Length).ReadS64();
                return new CodeWriter().I64(random.Chance(70) ? wide + random.Between(-8, 8) : (long)random.Bits64()).ToArray();
        }

        if (!s_alike.TryGetValue(opcode, out var alike))
            return null;

        var other = random.Pick<Opcode>(alike);

        if (Opcodes.Find(opcode)!.Immediates == Immediates.None)
            return new CodeWriter().Op(other).ToArray();

        var reader = new ByteReader(instruction, 1, instruction.Length);
        reader.ReadU32();
        var offset = reader.ReadU32();

        return new CodeWriter().Op(other, 0).U32(random.Chance(80) ? offset + (uint)random.Between(0, 8) : random.Bits32()).ToArray();
    }
}
