using System.Text;
using PluginHost.Plugins.HostFunctions;
using PluginHost.Plugins.Resilience;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Plugins;

/// <summary>What a plugin's configuration may say on this server.</summary>
/// <param name="modules">The names of the modules of host functions that can be granted.</param>
internal sealed class PluginConfigurationRules(PluginHostOptions options, IReadOnlyCollection<string> modules)
{
    private const int MaximumVariables = 200;
    private const int MaximumEnvironmentBytes = 64 * 1024;
    private const int MaximumDirectories = 16;
    private const int MaximumCallable = 100;

    private readonly PluginHostLimits _limits = options.Limits;
    private readonly GuestFileRoots _roots = new(options.GuestFileRoots);
    private readonly EngineChoice _engines = new(options.Engine);
    private readonly IReadOnlyCollection<string> _modules = [.. modules.Where(name => name != BuiltInModule.Name)];

    /// <summary>Everything that is wrong, or null.</summary>
    public PluginFailure? Check(PluginConfiguration configuration)
    {
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);

        // JSON can say null where the type cannot.
        if (configuration.Limits is null || configuration.Pool is null || configuration.Environment is null || configuration.Directories is null
            || configuration.Grants is null || configuration.Config is null || configuration.Secrets is null || configuration.Labels is null || configuration.Circuit is null)

            return Failure(new Dictionary<string, string[]>(StringComparer.Ordinal) { [""] = ["limits, pool, environment, directories, grants, config, secrets, labels and circuit must not be null; leave them out instead."] });

        CheckLimits(configuration.Limits, errors);
        CheckPool(configuration.Pool, errors);
        CircuitRules.Check(configuration.Circuit, errors);
        CheckEnvironment(configuration.Environment, errors);
        CheckDirectories(configuration.Directories, errors);
        CheckGrants(configuration.Grants, errors);
        ConfiguredValues.Check("/config", configuration.Config!, errors);
        ConfiguredValues.Check("/secrets", configuration.Secrets, errors);
        LabelRules.Check(configuration.Labels, errors);

        foreach (var (name, value) in configuration.Config)
        {
            if (value is null)
                errors["/config/" + Escape(name)] = ["must be a string."];
        }

        if (configuration.Engine is { } engine && !_engines.Names.Contains(engine, StringComparer.Ordinal))
            errors["/engine"] = [EngineRefusal(engine)];

        return errors.Count == 0 ? null : Failure(errors);
    }

    private static PluginFailure Failure(Dictionary<string, string[]> errors) =>
        new(FailureCode.InvalidConfiguration, $"The configuration is not valid: {errors.First().Key} {errors.First().Value[0]}".Replace(":  ", ": ", StringComparison.Ordinal)) { Errors = errors };

    public static PluginFailure NoSecret(string name) => Failure(
        new Dictionary<string, string[]>(StringComparer.Ordinal) { ["/secrets/" + Escape(name)] = ["is null, which keeps the secret that there is, and there is none of this name."] });

    private static void Range(Dictionary<string, string[]> errors, string pointer, long? value, long minimum, long maximum)
    {
        if (value < minimum || value > maximum)
            errors[pointer] = [FormattableString.Invariant($"must be between {minimum} and {maximum}.")];
    }

    private static void CheckEnvironment(IReadOnlyDictionary<string, string> environment, Dictionary<string, string[]> errors)
    {
        if (environment.Count > MaximumVariables)
            errors["/environment"] = [FormattableString.Invariant($"must not have more than {MaximumVariables} variables.")];

        var bytes = 0;

        foreach (var (name, value) in environment)
        {
            if (name.Length == 0 || name.Contains('=', StringComparison.Ordinal) || name.Contains('\0', StringComparison.Ordinal))
                errors["/environment"] = ["must not have empty names, or names with = or NUL."];
            else if (value is null || value.Contains('\0', StringComparison.Ordinal))
                errors["/environment/" + Escape(name)] = ["must be a string without NUL."];
            else
                bytes += Encoding.UTF8.GetByteCount(name) + Encoding.UTF8.GetByteCount(value);
        }

        if (bytes > MaximumEnvironmentBytes)
            errors["/environment"] = [FormattableString.Invariant($"must not have more than {MaximumEnvironmentBytes} bytes.")];
    }

    private static string Escape(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    private string EngineRefusal(string engine) => ExecutionEngines.Names.Contains(engine, StringComparer.Ordinal)
        ? $"must be {_engines.Server.Name}: this server runs all plugins so, as it generates no code."
        : $"must be one of: {string.Join(", ", _engines.Names)}.";

    private void CheckLimits(PluginLimits limits, Dictionary<string, string[]> errors)
    {
        Range(errors, "/limits/memoryBytes", limits.MemoryBytes, 65_536, _limits.MemoryBytes);
        Range(errors, "/limits/deadlineMilliseconds", limits.DeadlineMilliseconds, 1, _limits.DeadlineMilliseconds);
        Range(errors, "/limits/callDepth", limits.CallDepth, 100, _limits.CallDepth);
        Range(errors, "/limits/fuel", limits.Fuel, 1, _limits.Fuel ?? long.MaxValue);
        Range(errors, "/limits/outputBytes", limits.OutputBytes, 0, _limits.OutputBytes);
        Range(errors, "/limits/invocationsPerSecond", limits.InvocationsPerSecond, 1, _limits.InvocationsPerSecond ?? PluginHostLimits.MostInvocationsPerSecond);
        Range(errors, "/limits/invocationBurst", limits.InvocationBurst, 1, _limits.InvocationBurst ?? PluginHostLimits.MostInvocationsPerSecond);

        if (limits.InvocationBurst is not null && (limits.InvocationsPerSecond ?? _limits.InvocationsPerSecond) is null)
            errors["/limits/invocationBurst"] = ["needs invocationsPerSecond beside it."];
    }

    private void CheckPool(PoolConfiguration pool, Dictionary<string, string[]> errors)
    {
        Range(errors, "/pool/maximum", pool.Maximum, 1, _limits.MaximumConfigurableInstances);
        Range(errors, "/pool/minimum", pool.Minimum, 0, Math.Min(pool.Maximum ?? int.MaxValue, _limits.MaximumConfigurableInstances));
        Range(errors, "/pool/queueLength", pool.QueueLength, 0, 10_000);
        Range(errors, "/pool/queueTimeoutMilliseconds", pool.QueueTimeoutMilliseconds, 0, _limits.DeadlineMilliseconds);
        Range(errors, "/pool/idleSeconds", pool.IdleSeconds, 0, 24 * 60 * 60);
    }

    private void CheckGrants(PluginGrants grants, Dictionary<string, string[]> errors)
    {
        if (grants.Http is { } http)
            HttpGrantRules.Check(http, _limits, errors);

        if (grants.Call is { } call && (call.Count > MaximumCallable || call.Any(name => name is null || !PluginName.IsValid(name))))
            errors["/grants/call"] = [FormattableString.Invariant($"must be the names of at most {MaximumCallable} plugins.")];

        if (grants.Modules?.FirstOrDefault(name => !_modules.Contains(name, StringComparer.Ordinal)) is { } unknown)
            errors["/grants/modules"] = [$"must be modules of this host's: {(_modules.Count == 0 ? "it has none" : string.Join(", ", _modules))}; not '{unknown}'."];
        else if (grants.Modules?.Contains(null!, StringComparer.Ordinal) == true)
            errors["/grants/modules"] = ["must be names."];
    }

    private void CheckDirectories(IReadOnlyList<DirectoryGrant> directories, Dictionary<string, string[]> errors)
    {
        if (directories.Count > MaximumDirectories)
        {
            errors["/directories"] = [FormattableString.Invariant($"must not have more than {MaximumDirectories} entries.")];
            return;
        }

        var guests = new HashSet<string>(StringComparer.Ordinal);

        for (var index = 0; index < directories.Count; index++)
        {
            var grant = directories[index];
            var pointer = FormattableString.Invariant($"/directories/{index}");

            if (grant?.Host is null || grant.Guest is null)
                errors[pointer] = ["must have a host and a guest path."];
            else if (grant.Guest.Length is 0 or > 1024 || grant.Guest[0] != '/' || grant.Guest.Contains('\0', StringComparison.Ordinal) || !guests.Add(grant.Guest))
                errors[pointer + "/guest"] = ["must be an absolute path, and no other grant's."];
            else if (_roots.Refusal(grant.Host) is { } refusal)
                errors[pointer + "/host"] = [refusal];
        }
    }
}
