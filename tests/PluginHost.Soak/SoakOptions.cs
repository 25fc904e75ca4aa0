using System.Globalization;

namespace PluginHost.Soak;

/// <summary>What the command line asks for.</summary>
internal sealed record SoakOptions
{
    public const string Usage = """
        Usage: dotnet run -c Release --project tests/PluginHost.Soak -- [options]
          --minutes N      how long (default 30); 1 is a smoke with wider tolerances
          --seed N         what is asked of the server and when (default 1); the scheduling of threads stays the system's
          --report FILE    write the report to a file as well
          --keep           leave the server's data directory and log behind
        """;

    public double Minutes { get; init; } = 30;

    public int Seed { get; init; } = 1;

    public string? ReportFile { get; init; }

    public bool Keep { get; init; }

    public TimeSpan Duration => TimeSpan.FromMinutes(Minutes);

    /// <summary>A short run sees caches that still fill, and threads that have not gone yet.</summary>
    public bool IsSmoke => Minutes < 5;

    /// <summary>The load before a process is measured first.</summary>
    public TimeSpan WarmUp => TimeSpan.FromSeconds(Math.Clamp(Duration.TotalSeconds * 0.1, 5, 150));

    /// <summary>The time after which a server without load is at rest.</summary>
    public TimeSpan Settling => TimeSpan.FromSeconds(IsSmoke ? 3 : 25);

    /// <exception cref="ArgumentException">An option is unknown or lacks its value.</exception>
    public static SoakOptions Parse(ReadOnlySpan<string> arguments)
    {
        var options = new SoakOptions();

        for (var i = 0; i < arguments.Length; i++)
        {
            options = arguments[i] switch
            {
                "--minutes" => options with { Minutes = Number(arguments, ref i, 1, 10_000) },
                "--seed" => options with { Seed = (int)Number(arguments, ref i, 0, int.MaxValue) },
                "--report" => options with { ReportFile = Value(arguments, ref i) },
                "--keep" => options with { Keep = true },
                var unknown => throw new ArgumentException($"Unknown option '{unknown}'.", nameof(arguments)),
            };
        }

        return options;
    }

    private static string Value(ReadOnlySpan<string> arguments, ref int i) => ++i < arguments.Length
        ? arguments[i]
        : throw new ArgumentException($"Option '{arguments[i - 1]}' needs a value.", nameof(arguments));

    private static double Number(ReadOnlySpan<string> arguments, ref int i, double minimum, double maximum)
    {
        var option = arguments[i];

        return double.TryParse(Value(arguments, ref i), CultureInfo.InvariantCulture, out var number) && number >= minimum && number <= maximum
            ? number
            : throw new ArgumentException($"Option '{option}' needs a number from {minimum} to {maximum}.", nameof(arguments));
    }
}
