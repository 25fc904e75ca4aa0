using PluginHost.Plugins.Invocation;
using PluginHost.Plugins.Pooling;

namespace PluginHost.Plugins.HostFunctions;

/// <summary>The invocations of plugins by plugins that led to a call, the innermost first. Each of them holds an instance until those that it made have ended.</summary>
public sealed class CallChain
{
    /// <summary>How many invocations may be nested, the first included.</summary>
    public const int MaximumDepth = 8;

    private readonly CallChain? _outer;
    private readonly LoadedVersion _version;

    internal CallChain(CallChain? outer, LoadedVersion version)
    {
        _outer = outer;
        _version = version;
        Depth = (outer?.Depth ?? 0) + 1;
    }

    internal int Depth { get; }

    /// <summary>Whether one of them holds an instance of the pool: to wait for that would be to wait for itself.</summary>
    internal bool Holds(InstancePool pool)
    {
        for (var chain = this; chain is not null; chain = chain._outer)
        {
            if (chain._version.Pool == pool)
                return true;
        }

        return false;
    }
}
