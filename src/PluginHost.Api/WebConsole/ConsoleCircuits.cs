using Microsoft.AspNetCore.Components.Server.Circuits;

namespace PluginHost.Api.WebConsole;

/// <summary>Counts the pages that are open: each holds memory of the server's.</summary>
internal sealed class ConsoleCircuits : CircuitHandler
{
    /// <summary>Pages that are open at one time, those included that are waited for after a connection was lost.</summary>
    public const int Maximum = 200;

    private static int _open;

    public override Task OnCircuitOpenedAsync(Circuit circuit, CancellationToken cancellationToken) =>
        Interlocked.Increment(ref _open) > Maximum ? throw new InvalidOperationException($"{Maximum} pages of the console are open already.") : Task.CompletedTask;

    public override Task OnCircuitClosedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        Interlocked.Decrement(ref _open);
        return Task.CompletedTask;
    }
}
