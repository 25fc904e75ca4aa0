using PluginHost.Soak.Workers;

namespace PluginHost.Soak;

/// <summary>The mixed load: every kind of client at once. Its workers keep what they know from one time to the next.</summary>
internal sealed class SoakLoad(IReadOnlyList<Worker> workers) : IDisposable
{
    private CancellationTokenSource? _stop;
    private Task _running = Task.CompletedTask;

    public static SoakLoad Mixed(SoakClient client, SoakServer server, Ledger ledger, LedgerAudit audit, Tally tally, Violations violations, int seed)
    {
        var number = 0;

        return new SoakLoad(
        [
            .. Several(3, () => new SampleWorker(client, violations, Next())),
            .. Several(3, () => new ChurnWorker(client, ledger, audit, violations, Next(), number)),
            .. Several(2, () => new FaultWorker(client, violations, Next())),
            new CounterWorker(client, server, violations, Next()),
            new BatchWorker(client, violations, Next()),
            new VanishingWorker(client, server, ledger, tally, violations, Next()),
            new FollowerWorker(client, server, tally, violations, Next()),
            new ReaderWorker(client, violations, Next()),
            new ConfiguringWorker(client, violations, Next()),
        ]);

        Random Next() => new((seed * 1_000) + ++number);

        static IEnumerable<Worker> Several(int count, Func<Worker> make) => Enumerable.Range(0, count).Select(_ => make());
    }

    public void Start()
    {
        var stop = _stop = new CancellationTokenSource();
        _running = Task.WhenAll(workers.Select(worker => Task.Run(() => worker.RunAsync(stop.Token))));
    }

    /// <summary>Tells the workers to begin nothing more.</summary>
    public void Stop() => _stop?.Cancel();

    /// <summary>Stops, and waits until what was begun has ended.</summary>
    public async Task EndAsync()
    {
        Stop();
        await _running;
        Dispose();
    }

    public void Dispose()
    {
        _stop?.Dispose();
        _stop = null;
    }
}
