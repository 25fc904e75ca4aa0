using System.Text;
using PluginHost.Wasm.Binary;

namespace PluginHost.Wasm.Modules;

/// <summary>
/// The names of a module's functions (spec appendix, "name section"). It is read for people only, so a broken one has no names and never makes a module invalid.
/// A Go module has thousands: what is kept is where each name stands.
/// </summary>
public sealed class NameSection
{
    private const int FunctionNames = 1;
    private const int LongestName = 512;

    private readonly WasmModule _module;
    private readonly Dictionary<uint, (int Offset, int Length)> _functions;

    private NameSection(WasmModule module, Dictionary<uint, (int Offset, int Length)> functions)
    {
        _module = module;
        _functions = functions;
    }

    /// <summary>The name of a function, cut where it is very long; null where it has none.</summary>
    public string? Function(uint index) => _functions.TryGetValue(index, out var place)
        ? Encoding.UTF8.GetString(_module.Bytes, place.Offset, Math.Min(place.Length, LongestName))
        : null;

    internal static NameSection Read(WasmModule module)
    {
        var functions = new Dictionary<uint, (int Offset, int Length)>();
        var section = module.CustomSections.FirstOrDefault(section => section.Name == "name");

        try
        {
            if (section.Length > 0)
                Read(module, section, functions);
        }
        catch (MalformedModuleException)
        {
            functions.Clear();
        }

        return new NameSection(module, functions);
    }

    private static void Read(WasmModule module, CustomSection section, Dictionary<uint, (int Offset, int Length)> functions)
    {
        var reader = new ByteReader(module.Bytes, section.Offset, section.Offset + section.Length);

        while (!reader.IsAtEnd)
        {
            var id = reader.ReadByte();
            var size = reader.ReadU32();

            if (id != FunctionNames)
            {
                reader.Skip(size);
                continue;
            }

            var count = reader.ReadCount(module.Limits.Functions, nameof(ModuleLimits.Functions), 2);

            for (var i = 0; i < count; i++)
            {
                var function = reader.ReadU32();
                var length = reader.ReadU32();
                var offset = reader.Offset;
                reader.Skip(length);
                functions[function] = (offset, (int)length);
            }

            return;
        }
    }
}
