namespace PluginHost.Benchmarks;

/// <summary>What the command line asks for.</summary>
internal sealed record BenchmarkOptions
{
    public const string Usage = """
        Usage: dotnet run -c Release --project tests/PluginHost.Benchmarks -- [MODE] [options]
          start            the first result of a fresh server, of a stored module, and what it consists of, beside V8
          calls            the smallest call in this process, by engine, beside V8
          http             the smallest call over HTTP beside an endpoint of the same server that answers constant JSON
          traffic          add over HTTP at 1 to 256 connections, of one plugin and of fifty, and at twice of what a plugin can do
          residents        a thousand instances of one version that stay
          delays           what calls wait while functions are compiled in the background
          bytes            what bytes, text and JSON of several sizes cost: time and guest instructions
          kernels          Go kernels on this engine, on V8 and as native Go
          hostile          another plugin's latencies while a hostile guest is called, beside those without it
          memory           what a module, an instance and a call cost
                           Without a mode: start, calls and http.
          --filter TEXT    only the rows whose name contains the text; the kernels of these names, with commas between
          --engine NAME    for kernels: an engine to measure, the first beside V8; may be repeated (default tiered, interpreter)
          --json FILE      write the measurements to a file as well
          --rounds N       rounds of each comparison, whose median counts (default 5)
          --seconds N      duration of each load by wrk, and of each round of delays (default 3)
          --no-publish     measure the server as built; do not publish one compiled ahead of time
          --server FILE    measure this PluginHost.Api.dll, published before
        """;

    /// <summary>What to measure: nothing for the speed of it all.</summary>
    public string Mode { get; init; } = "";

    public string Filter { get; init; } = "";

    public string? JsonFile { get; init; }

    /// <summary>The names of the engines to measure; empty for the usual ones.</summary>
    public IReadOnlyList<string> Engines { get; init; } = [];

    public int Rounds { get; init; } = 5;

    public int Seconds { get; init; } = 3;

    public bool Publish { get; init; } = true;

    /// <summary>The server to measure; null for one that is published now.</summary>
    public string? ServerFile { get; init; }

    public bool Wants(string name) => name.Contains(Filter, StringComparison.OrdinalIgnoreCase);

    /// <exception cref="ArgumentException">An option is unknown or lacks its value.</exception>
    public static BenchmarkOptions Parse(ReadOnlySpan<string> arguments)
    {
        var options = new BenchmarkOptions();

        for (var i = 0; i < arguments.Length; i++)
        {
            options = arguments[i] switch
            {
                "start" or "calls" or "http" or "traffic" or "residents" or "delays" or "bytes" or "kernels" or "hostile" or "memory" when i == 0 => options with { Mode = arguments[i] },
                "--engine" => options with { Engines = [.. options.Engines, Value(arguments, ref i)] },
                "--filter" => options with { Filter = Value(arguments, ref i) },
                "--json" => options with { JsonFile = Value(arguments, ref i) },
                "--rounds" => options with { Rounds = Number(arguments, ref i) },
                "--seconds" => options with { Seconds = Number(arguments, ref i) },
                "--server" => options with { ServerFile = Value(arguments, ref i) },
                "--no-publish" => options with { Publish = false },
                var unknown => throw new ArgumentException($"Unknown option '{unknown}'.", nameof(arguments)),
            };
        }

        return options;
    }

    private static string Value(ReadOnlySpan<string> arguments, ref int i) => ++i < arguments.Length
        ? arguments[i]
        : throw new ArgumentException($"Option '{arguments[i - 1]}' needs a value.", nameof(arguments));

    private static int Number(ReadOnlySpan<string> arguments, ref int i)
    {
        var option = arguments[i];

        return int.TryParse(Value(arguments, ref i), System.Globalization.CultureInfo.InvariantCulture, out var number) && number is > 0 and <= 1_000
            ? number
            : throw new ArgumentException($"Option '{option}' needs a number from 1 to 1000.", nameof(arguments));
    }
}
