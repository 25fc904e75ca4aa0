namespace PluginHost.Soak.Workers;

/// <summary>One client that asks for one kind of thing after the other until it is told to stop; what it has begun it ends.</summary>
internal abstract class Worker(SoakClient client, Violations violations, Random random)
{
    protected SoakClient Client { get; } = client;

    protected Violations Violations { get; } = violations;

    protected Random Random { get; } = random;

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await StepAsync(stop);

            // Not a benchmark: what else runs on the machine shall run too.
            await Task.Delay(Random.Next(0, 8), CancellationToken.None);
        }
    }

    protected abstract Task StepAsync(CancellationToken stop);
}
