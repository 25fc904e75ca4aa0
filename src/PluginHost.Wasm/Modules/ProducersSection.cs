using System.Collections.Immutable;
using PluginHost.Wasm.Binary;

namespace PluginHost.Wasm.Modules;

/// <summary>What the custom section "producers" of the tool conventions says. A broken section counts up to its fault.</summary>
public sealed class ProducersSection
{
    private const int MaximumProducers = 100;
    private const int MaximumNameBytes = 1_000;

    private ProducersSection(ImmutableArray<Producer> producers) => All = producers;

    public ImmutableArray<Producer> All { get; }

    /// <summary>The version of the language or tool; null where it is not named.</summary>
    public string? Version(string field, string name) =>
        All.FirstOrDefault(producer => string.Equals(producer.Field, field, StringComparison.Ordinal) && string.Equals(producer.Name, name, StringComparison.Ordinal))?.Version;

    internal static ProducersSection Read(WasmModule module)
    {
        var producers = ImmutableArray.CreateBuilder<Producer>();

        foreach (var section in module.CustomSections)
        {
            if (!string.Equals(section.Name, "producers", StringComparison.Ordinal))
                continue;

            var reader = new ByteReader(module.Bytes, section.Offset, section.Offset + section.Length);

            try
            {
                ReadFields(ref reader, producers);
            }
            catch (MalformedModuleException)
            {
                // What was read so far stays.
            }

            break;
        }

        return new ProducersSection(producers.ToImmutable());
    }

    private static void ReadFields(ref ByteReader reader, ImmutableArray<Producer>.Builder producers)
    {
        for (var fields = reader.ReadU32(); fields > 0; fields--)
        {
            var field = reader.ReadName(MaximumNameBytes);

            for (var values = reader.ReadU32(); values > 0 && producers.Count < MaximumProducers; values--)
                producers.Add(new Producer(field, reader.ReadName(MaximumNameBytes), reader.ReadName(MaximumNameBytes)));
        }
    }
}
