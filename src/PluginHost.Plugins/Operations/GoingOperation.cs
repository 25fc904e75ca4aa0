using System.Diagnostics.CodeAnalysis;

namespace PluginHost.Plugins.Operations;

/// <summary>An operation that waits or runs. Its request is on the disk until its turn comes.</summary>
[SuppressMessage("Reliability", "CA1001", Justification = "Without a timer a source holds nothing to give back, and disposed it would fail whoever cancels at the last moment.")]
internal sealed class GoingOperation(OperationRecord record, int bytes)
{
    private readonly TaskCompletionSource<OperationRecord> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _cancellation = new();
    private volatile OperationRecord _record = record;
    private int _isClaimed;

    public OperationRecord Record
    {
        get => _record;
        set => _record = value;
    }

    /// <summary>The size of its request.</summary>
    public int Bytes => bytes;

    /// <summary>Asked for by its caller.</summary>
    public CancellationToken Cancellation => _cancellation.Token;

    /// <summary>Comes with the operation's end.</summary>
    public Task<OperationRecord> Ended => _end.Task;

    /// <summary>Whether it is the asker's to bring it to its end: its runner's, or that of who cancels it before it has one.</summary>
    public bool TryClaim() => Interlocked.Exchange(ref _isClaimed, 1) == 0;

    public void Cancel() => _cancellation.Cancel();

    public void End(OperationRecord record)
    {
        _record = record;
        _end.TrySetResult(record);
    }
}
