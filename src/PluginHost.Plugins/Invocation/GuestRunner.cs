using Microsoft.Extensions.Logging;
using PluginHost.Plugins.Loading;
using PluginHost.Plugins.Pooling;
using PluginHost.Wasi;
using PluginHost.Wasm.Binary;
using PluginHost.Wasm.Runtime;
using PluginHost.Wasm.Validation;

namespace PluginHost.Plugins.Invocation;

/// <summary>
/// The boundary between host and guest: whatever happens behind it comes out as a <see cref="PluginFailure"/>. It is the only place where every exception
/// is caught.
/// </summary>
internal sealed partial class GuestRunner(GuestInstanceFactory factory, ILogger<GuestRunner> logger)
{
    /// <summary>Makes an instance and runs its <c>_initialize</c>.</summary>
    public Outcome<GuestInstance> Start(PluginEntry plugin, int ordinal, PluginSettings settings, LoadedModule module)
    {
        GuestInstance? guest = null;
        var failure = Guard(() => guest = factory.Create(plugin, ordinal, settings, module), null);

        if (failure is null && guest!.Instance.TryGetFunction(ModuleInspector.Initialize, out var initialize))
            failure = Guard(() => guest.Instance.Invoke(initialize, [], [], new ExecutionBudget(settings.StartDeadline, settings.Fuel)), guest);

        if (failure is null)
            return guest!;

        guest?.Dispose();

        return failure.Code switch
        {
            FailureCode.InternalError or FailureCode.UnsupportedImport or FailureCode.NoCapacity => failure,
            FailureCode.DeadlineExceeded => failure with { Code = FailureCode.InitFailed, Detail = $"_initialize did not end within {settings.StartDeadline.TotalMilliseconds} ms." },
            _ => failure with { Code = FailureCode.InitFailed, Detail = $"The module cannot be started. {failure.Detail}" },
        };
    }

    /// <summary>Calls a function of an instance.</summary>
    /// <returns>Null on success.</returns>
    public PluginFailure? Call(GuestInstance guest, int function, ReadOnlyMemory<ulong> arguments, Memory<ulong> results, ExecutionBudget budget) =>
        Guard(new GuestCall(guest, function, arguments, results, budget), static call => call.Run(), guest);

    /// <summary>Makes a call with values in the guest's memory.</summary>
    /// <returns>Null on success.</returns>
    public PluginFailure? Call(GuestInstance guest, BytesCall call) => Guard(call, static call => call.Run(), guest) ?? call.Failure;

    /// <summary>Asks a started instance for the handlers that are registered in it.</summary>
    /// <param name="exports">The module's exports.</param>
    public Outcome<IReadOnlyList<ExportDescription>> Handlers(GuestInstance guest, PluginSettings settings, IReadOnlyList<ExportDescription> exports)
    {
        if (!guest.Instance.TryGetFunction(ReservedExports.Handlers, out var function))
            return new Outcome<IReadOnlyList<ExportDescription>>([], null);

        var results = new ulong[1];
        var failure = Guard(() => guest.Instance.Invoke(function, [], results, new ExecutionBudget(settings.StartDeadline, settings.Fuel)), guest);

        if (failure is not null)
            return failure with { Code = FailureCode.InvalidHandlers, Detail = $"The module cannot say which handlers it has. {failure.Detail}" };

        var packed = new PackedResult(results[0]);

        if (packed.Take(guest.Instance.Memory, HandlerList.MaximumBytes, out var bytes) is { } lie)
            return HandlerList.Invalid(lie.Detail);

        return packed.IsError ? HandlerList.Invalid(ResultBytes.Error(bytes).Detail) : HandlerList.Read(bytes, exports);
    }

    private PluginFailure? Guard(Action work, GuestInstance? guest) => Guard(work, static work => work(), guest);

    private PluginFailure? Guard<TState>(TState state, Action<TState> work, GuestInstance? guest)
    {
        try
        {
            work(state);
            return null;
        }
        catch (TrapException trap)
        {
            return GuestFailures.Trap(trap, guest);
        }
        catch (ProcessExitException exit)
        {
            return GuestFailures.Exit(exit, guest);
        }
        catch (LinkException exception)
        {
            return new PluginFailure(FailureCode.UnsupportedImport, exception.Message) { UnresolvedImports = exception.Unresolved };
        }
        catch (InstantiationException exception)
        {
            return new PluginFailure(FailureCode.InitFailed, exception.Message);
        }
        catch (OutOfMemoryException)
        {
            return new PluginFailure(FailureCode.NoCapacity, "The server has no memory left for another instance.") { RetryAfter = TimeSpan.FromSeconds(5) };
        }
        catch (Exception exception) when (exception is MalformedModuleException or InvalidModuleException)
        {
            // A module whose functions are validated while it is started.
            return new PluginFailure(FailureCode.InvalidModule, exception.Message);
        }
        catch (Exception exception)
        {
            LogFault(exception);
            return new PluginFailure(FailureCode.InternalError, "The host failed while it ran the guest.");
        }
    }

    [LoggerMessage(LogLevel.Error, "The host failed while it ran a guest")]
    private partial void LogFault(Exception exception);

    private readonly record struct GuestCall(GuestInstance Guest, int Function, ReadOnlyMemory<ulong> Arguments, Memory<ulong> Results, ExecutionBudget Budget)
    {
        public void Run() => Guest.Instance.Invoke(Guest.Function(Function), Arguments.Span, Results.Span, Budget);
    }
}
