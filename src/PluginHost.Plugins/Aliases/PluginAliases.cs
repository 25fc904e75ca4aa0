using Microsoft.Extensions.Logging;
using PluginHost.Plugins.Catalog;
using PluginHost.Plugins.Invocation;

namespace PluginHost.Plugins.Aliases;

/// <summary>Moves the names by which versions are called: to one version, to several by weight, and back.</summary>
public sealed partial class PluginAliases
{
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(10);

    private readonly PluginRegistry _registry;
    private readonly AliasTable _table;
    private readonly CatalogChanges _changes;
    private readonly VersionLoader _loader;
    private readonly HostState _state;
    private readonly ILogger<PluginAliases> _logger;

    internal PluginAliases(PluginRegistry registry, AliasTable table, CatalogChanges changes, VersionLoader loader, HostState state, ILogger<PluginAliases> logger)
    {
        _registry = registry;
        _table = table;
        _changes = changes;
        _loader = loader;
        _state = state;
        _logger = logger;
    }

    /// <summary>A plugin's aliases by name.</summary>
    public Outcome<IReadOnlyList<Alias>> List(string plugin)
    {
        var found = _registry.Find(plugin);

        return found.Succeeded
            ? new Outcome<IReadOnlyList<Alias>>([.. found.Value.Plugin.Aliases.Values.OrderBy(alias => alias.Name, StringComparer.Ordinal)], null)
            : found.Failure;
    }

    public Outcome<Alias> Get(string plugin, string alias)
    {
        var found = _registry.Find(plugin);
        return found.Succeeded ? Get(found.Value, alias) : found.Failure;
    }

    /// <summary>Makes an alias or moves it. Its versions are loaded before, and those of <c>live</c> have an instance: no invocation waits for the move.</summary>
    /// <param name="condition">What must hold of the present alias, which is null where there is none; null without one, which will do for a new alias only.</param>
    public async Task<Outcome<AliasPutResult>> PutAsync(
        string plugin, string alias, IReadOnlyList<AliasTarget> targets, Predicate<Alias?>? condition, CancellationToken cancellation)
    {
        if ((_state.Refusal() ?? AliasRules.Check(alias, targets)) is { } refusal)
            return refusal;

        var found = _registry.Find(plugin);

        if (!found.Succeeded)
            return found.Failure;

        if (Precondition(found.Value, alias, condition, isRequired: true) is { } early)
            return early;

        if (await PrepareAsync(found.Value, alias, targets, cancellation) is { } unprepared)
            return unprepared;

        await _changes.BeginAsync(cancellation);

        try
        {
            // Another request may have been faster: what was looked at above is looked at again.
            if (_registry.Find(plugin) is not { Succeeded: true, Value: { } entry })
                return _registry.Find(plugin).Failure!;

            if (Precondition(entry, alias, condition, isRequired: true) is { } precondition)
                return precondition;

            if (Missing(entry, targets) is { } missing)
                return missing;

            var before = entry.Plugin.Aliases.GetValueOrDefault(alias);

            if (before is null && entry.Plugin.Aliases.Count >= AliasRules.MaximumAliases)
                return CatalogChanges.Full($"The plugin '{plugin}' has {AliasRules.MaximumAliases} aliases, which is the limit.");

            var after = _table.Put(plugin, alias, [.. targets.OrderBy(target => target.Version)], _changes.Now());

            Apply(entry, after);
            LogMoved(plugin, alias, Text(after));
            return new AliasPutResult(after, before is null);
        }
        finally
        {
            _changes.End();
        }
    }

    /// <summary>
    /// Goes back to where the alias pointed before. Once more goes back further: a state that was left by going back does not come again. States whose versions
    /// were deleted are passed over.
    /// </summary>
    /// <param name="condition">As in <see cref="PutAsync"/>; null for whatever the alias is.</param>
    public async Task<Outcome<Alias>> RollBackAsync(string plugin, string alias, Predicate<Alias?>? condition, CancellationToken cancellation)
    {
        if (_state.Refusal() is { } refusal)
            return refusal;

        var found = _registry.Find(plugin);

        if (!found.Succeeded)
            return found.Failure;

        if (Get(found.Value, alias) is { Succeeded: false } unknown)
            return unknown.Failure;

        if (Before(found.Value, alias) is { } expected && await PrepareAsync(found.Value, alias, expected.Targets, cancellation) is { } unprepared)
            return unprepared;

        await _changes.BeginAsync(cancellation);

        try
        {
            if (_registry.Find(plugin) is not { Succeeded: true, Value: { } entry })
                return _registry.Find(plugin).Failure!;

            var present = Get(entry, alias);

            if (!present.Succeeded)
                return present.Failure;

            if (Precondition(entry, alias, condition, isRequired: false) is { } precondition)
                return precondition;

            if (Before(entry, alias) is not { } before)
                return new PluginFailure(FailureCode.NothingToRollBack, $"The alias '{alias}' has not pointed at other versions before that are still there.");

            var after = _table.PutBack(plugin, before, _changes.Now());

            Apply(entry, after);
            LogMoved(plugin, alias, Text(after));
            return after;
        }
        finally
        {
            _changes.End();
        }
    }

    /// <summary>Removes an alias, its versions stay. <c>live</c> can be moved only.</summary>
    public async Task<Outcome<Alias>> DeleteAsync(string plugin, string alias, Predicate<Alias?>? condition, CancellationToken cancellation)
    {
        if (_state.Refusal() is { } refusal)
            return refusal;

        await _changes.BeginAsync(cancellation);

        try
        {
            var found = _registry.Find(plugin);

            if (!found.Succeeded)
                return found.Failure;

            var entry = found.Value;
            var deleted = Get(entry, alias);

            if (!deleted.Succeeded)
                return deleted;

            if (string.Equals(alias, Plugin.LiveAlias, StringComparison.Ordinal))
                return new PluginFailure(FailureCode.InUse, "'live' is where invocations go that name no version: it can be moved, but not removed.");

            if (Precondition(entry, alias, condition, isRequired: false) is { } precondition)
                return precondition;

            _table.Delete(plugin, alias);
            entry.Replace(entry.Plugin with { Aliases = entry.Plugin.Aliases.Remove(alias) }, entry.Versions);
            LogRemoved(plugin, alias);
            return deleted;
        }
        finally
        {
            _changes.End();
        }
    }

    /// <summary>Makes an alias count, in memory: from here on invocations follow it.</summary>
    internal static void Apply(PluginEntry entry, Alias alias)
    {
        entry.Replace(entry.Plugin with { Aliases = entry.Plugin.Aliases.SetItem(alias.Name, alias) }, entry.Versions);

        foreach (var version in entry.LoadedVersions)
        {
            version.Pool.Keep(entry.Plugin.IsLive(version.Ordinal));

            if (version.Ordinal == entry.Plugin.OnlyLive)
                entry.Live = version;
        }
    }

    private static Outcome<Alias> Get(PluginEntry entry, string alias) => entry.Plugin.Aliases.TryGetValue(alias, out var found)
        ? found
        : new PluginFailure(FailureCode.AliasNotFound, $"The plugin '{entry.Name}' has no alias of that name.")
        {
            Available = [.. entry.Plugin.Aliases.Keys.Order(StringComparer.Ordinal)],
        };

    private static PluginFailure? Precondition(PluginEntry entry, string alias, Predicate<Alias?>? condition, bool isRequired)
    {
        var present = entry.Plugin.Aliases.GetValueOrDefault(alias);

        if (condition is null)
        {
            return isRequired && present is not null
                ? new PluginFailure(FailureCode.PreconditionRequired, $"The alias '{alias}' exists, and somebody else may be moving it: name the one that you have seen by If-Match with its ETag, or any by If-Match: *.")
                : null;
        }

        return condition(present)
            ? null
            : new PluginFailure(FailureCode.PreconditionFailed, present is null ? $"The alias '{alias}' does not exist." : $"The alias '{alias}' is not the one that the request names; its revision is {present.Revision}.");
    }

    private static PluginFailure? Missing(PluginEntry entry, IReadOnlyList<AliasTarget> targets)
    {
        foreach (var target in targets)
        {
            if (entry.Find(target.Version) is { Succeeded: false } unknown)
                return unknown.Failure;
        }

        return null;
    }

    private static string Text(Alias alias) => string.Join(", ", alias.Targets.Select(target => $"{target.Version} ({target.Weight})"));

    /// <summary>The state that a rollback leads to, or null.</summary>
    private Alias? Before(PluginEntry entry, string alias) =>
        _table.States(entry.Name, alias).Skip(1).FirstOrDefault(state => state.Targets.All(target => entry.Has(target.Version)));

    private async Task<PluginFailure?> PrepareAsync(PluginEntry entry, string alias, IReadOnlyList<AliasTarget> targets, CancellationToken cancellation)
    {
        if (Missing(entry, targets) is { } missing)
            return missing;

        foreach (var target in targets)
        {
            var loaded = await _loader.LoadAsync(entry, entry.Find(target.Version).Value!, cancellation);

            if (!loaded.Succeeded)
                return loaded.Failure;

            if (!string.Equals(alias, Plugin.LiveAlias, StringComparison.Ordinal))
                continue;

            var rental = await loaded.Value.Pool.RentAsync(LongestStart, isHeldByCaller: false, cancellation);

            if (rental.Instance is { } instance)
                loaded.Value.Pool.Return(instance);

            // A full queue shows that there are instances; what cannot be started must not become live.
            else if (rental.Failure is { Code: not (FailureCode.QueueFull or FailureCode.QueueTimeout or FailureCode.DeadlineExceeded) } failure)
                return failure;
        }

        return null;
    }

    [LoggerMessage(LogLevel.Information, "The alias {Alias} of plugin {Plugin} points at version (weight) {Targets}")]
    private partial void LogMoved(string plugin, string alias, string targets);

    [LoggerMessage(LogLevel.Information, "The alias {Alias} of plugin {Plugin} was removed")]
    private partial void LogRemoved(string plugin, string alias);
}
