using System.Diagnostics;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Fuzz;

/// <summary>What one kind of run does with each seed, until its time is over.</summary>
internal sealed class FuzzRun(FuzzKind kind, IReadOnlyList<IExecutionEngine> engines, string folder) : IDisposable
{
    private readonly Differential _differential = new(engines, folder);
    private readonly Acceptance _acceptance = new(folder);
    private readonly List<byte[]> _seeds = [];

    public long Modules { get; private set; }

    public string Counts => kind == FuzzKind.Mutation
        ? $"{Modules} modules: {_acceptance.Accepted} accepted, {_acceptance.Refused} refused"
        : $"{Modules} modules, {_differential.Calls} calls compared, {_differential.PassedOver} passed over, {_differential.WabtAlone} where wabt stands alone";

    /// <summary>Runs the case of a seed.</summary>
    public Finding? RunOne(int seed)
    {
        var module = Generate(seed);

        if (module is null)
            return null;

        Modules++;
        return Check(module, seed) is { } difference ? new Finding(module, seed, difference) : null;
    }

    /// <summary>Looks at one module; the seed chooses the arguments of the calls.</summary>
    public string? Check(byte[] module, int seed) => kind == FuzzKind.Mutation ? _acceptance.Compare(module) : _differential.Compare(module, seed);

    /// <summary>Runs seed after seed.</summary>
    /// <param name="report">Called with every finding, and with null every ten seconds.</param>
    public void Run(int seed, int cases, TimeSpan duration, Action<Finding?> report)
    {
        var watch = Stopwatch.StartNew();
        var reported = TimeSpan.Zero;

        for (; cases > 0 && watch.Elapsed < duration; seed++, cases--)
        {
            if (RunOne(seed) is { } finding)
                report(finding);

            if (watch.Elapsed - reported > TimeSpan.FromSeconds(10))
            {
                reported = watch.Elapsed;
                report(null);
            }
        }
    }

    public void Dispose() => _differential.Dispose();

    private byte[]? Generate(int seed)
    {
        switch (kind)
        {
            case FuzzKind.Random:
                return BinaryenGenerator.Generate(seed, folder);
            case FuzzKind.Shapes:
                return ShapeGenerator.Generate(seed);
            default:
                // Small modules, as most damages in a large one fall into its data.
                if (_seeds.Count < 40)
                {
                    _seeds.Add(ShapeGenerator.Generate(_seeds.Count));

                    if (BinaryenGenerator.Generate(_seeds.Count, folder) is { } random)
                        _seeds.Add(random);
                }

                return Mutator.Mutate(_seeds[seed % _seeds.Count], seed);
        }
    }
}
