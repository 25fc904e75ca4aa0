using PluginHost.Plugins.Pooling;
using PluginHost.Wasi;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Plugins.Invocation;

/// <summary>Puts how a guest ended into words: its own last ones, where there are any.</summary>
internal static class GuestFailures
{
    private const int MaximumPanicCharacters = 500;

    /// <param name="guest">The instance, or null where the trap is of its making.</param>
    public static PluginFailure Trap(TrapException trap, GuestInstance? guest)
    {
        var output = guest?.CompleteOutput();
        var (code, detail) = trap.Kind switch
        {
            TrapKind.DeadlineExceeded => (FailureCode.DeadlineExceeded, "The guest did not end before the deadline."),
            TrapKind.FuelExhausted => (FailureCode.FuelExhausted, "The guest used up the fuel of one invocation."),
            TrapKind.Cancelled when guest is { InterruptedForDrain: true } => (FailureCode.Draining, "The guest was interrupted because the server stops or its version goes."),
            TrapKind.Cancelled => (FailureCode.Cancelled, "The caller gave up while the guest ran."),
            TrapKind.CallStackExhausted => (FailureCode.Trap, "The guest nested its calls too deeply."),
            TrapKind.Unreachable when output is { RanOutOfMemory: true } => (FailureCode.GuestOutOfMemory, "The guest needed more memory than an instance of this plugin may have."),
            TrapKind.Unreachable when output?.Panic is { } panic => (FailureCode.Trap, $"The guest gave up: {Printable(panic)}"),
            _ => (FailureCode.Trap, $"The guest trapped: {trap.Message}."),
        };

        return WithOutput(new PluginFailure(code, detail), output) with
        {
            Trap = trap.Kind,
            Frames = trap.Frames.IsDefaultOrEmpty ? null : [.. trap.Frames.Select(frame => frame.ToString())],
        };
    }

    public static PluginFailure Exit(ProcessExitException exit, GuestInstance? guest) =>
        WithOutput(new PluginFailure(FailureCode.GuestExit, $"The guest ended itself with the exit code {(int)exit.Code}."), guest?.CompleteOutput()) with { ExitCode = exit.Code };

    /// <summary>A detail stands in logs and terminals: no control characters, and no page of text.</summary>
    private static string Printable(string text) =>
        string.Concat(text.Take(MaximumPanicCharacters).Select(character => char.IsControl(character) ? '\uFFFD' : character)) + (text.Length > MaximumPanicCharacters ? "…" : "");

    private static PluginFailure WithOutput(PluginFailure failure, GuestOutput? output) => failure with
    {
        Panic = output?.Panic,
        StandardError = output?.StandardErrorTail,
    };
}
