using System.Text;

namespace PluginHost.Plugins;

/// <summary>What a configuration may have as values and secrets of the plugin's own.</summary>
internal static class ConfiguredValues
{
    private const int MaximumValues = 200;
    private const int MaximumKeyBytes = 256;
    private const int MaximumBytes = 64 * 1024;

    public static void Check(string member, IEnumerable<KeyValuePair<string, string?>> values, Dictionary<string, string[]> errors)
    {
        var (count, bytes) = (0, 0L);

        foreach (var (key, value) in values)
        {
            count++;
            bytes += Encoding.UTF8.GetByteCount(key) + Encoding.UTF8.GetByteCount(value ?? "");

            if (key.Length == 0 || Encoding.UTF8.GetByteCount(key) > MaximumKeyBytes)
                errors[member] = [FormattableString.Invariant($"must have names of 1 to {MaximumKeyBytes} bytes.")];
        }

        if (count > MaximumValues || bytes > MaximumBytes)
            errors[member] = [FormattableString.Invariant($"must not have more than {MaximumValues} values or {MaximumBytes} bytes.")];
    }
}
