using System.Runtime.ExceptionServices;

namespace PluginHost.Testing;

/// <summary>A thread whose stack is as small as a host may choose.</summary>
public static class SmallStack
{
    /// <summary>Runs something to its end on a thread of its own; what it throws comes out here.</summary>
    public static void Run(int bytes, Action action)
    {
        ExceptionDispatchInfo? failure = null;

        var thread = new Thread(
            () =>
            {
                try
                {
                    action();
                }
                catch (Exception exception)
                {
                    failure = ExceptionDispatchInfo.Capture(exception);
                }
            },
            bytes);

        thread.Start();
        thread.Join();
        failure?.Throw();
    }
}
