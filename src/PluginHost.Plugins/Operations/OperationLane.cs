namespace PluginHost.Plugins.Operations;

/// <summary>The operations of one plugin that wait or run: they wait for each other, and not for those of others.</summary>
internal sealed class OperationLane
{
    public Queue<GoingOperation> Waiting { get; } = new();

    /// <summary>How many take operations out of the queue.</summary>
    public int Runners { get; set; }

    /// <summary>Operations that have not ended.</summary>
    public int Count { get; set; }

    /// <summary>The requests of those.</summary>
    public long Bytes { get; set; }

    /// <summary>What has ended since the oldest were forgotten last.</summary>
    public int EndedCount { get; set; }

    public long EndedBytes { get; set; }
}
