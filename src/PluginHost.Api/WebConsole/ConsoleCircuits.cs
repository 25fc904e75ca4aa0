using Microsoft.AspNetCore.Components.Server.Circuits;

namespace PluginHost.Api.WebConsole;

/// <summary>Counts the pages that are open: each holds memory of the server's. Every page has one of these.</summary>
internal sealed class ConsoleCircuits : CircuitHandler
{
    /// <summary>Pages that are open at one time, those included that are waited for after a connection was lost.</summary>
    public const int Maximum = 200;

    private static int _open;
    private bool _isCounted;

    public override Task OnCircuitOpenedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _open) > Maximum)
        {
            Interlocked.Decrement(ref _open);
            throw new InvalidOperationException($"{Maximum} pages of the console are open already.");
        }

        _isCounted = true;
        return Task.CompletedTask;
    }

    public override Task OnCircuitClosedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        if (_isCounted)
            Interlocked.Decrement(ref _open);

        _isCounted = false;
        return Task.CompletedTask;
    }
}
