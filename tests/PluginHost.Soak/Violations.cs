using System.Globalization;

namespace PluginHost.Soak;

/// <summary>What must not have happened. The run goes on, and its exit code tells.</summary>
internal sealed class Violations
{
    private const int MaximumKept = 200;

    private readonly Lock _gate = new();
    private readonly List<string> _kept = [];
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public IReadOnlyList<string> Kept
    {
        get
        {
            lock (_gate)
                return [.. _kept];
        }
    }

    public void Add(string what)
    {
        var line = $"{DateTime.UtcNow:HH:mm:ss.fff} {what}";

        lock (_gate)
        {
            _count++;

            if (_kept.Count >= MaximumKept)
                return;

            _kept.Add(line);
            Console.Error.WriteLine($"VIOLATION {line}");
        }
    }

    /// <param name="otherwise">Put into words only when it is needed.</param>
    public bool Require(bool holds, FormattableString otherwise)
    {
        if (!holds)
            Add(otherwise.ToString(CultureInfo.InvariantCulture));

        return holds;
    }
}
