using Microsoft.Extensions.Options;
using PluginHost.Plugins.HostFunctions;
using PluginHost.Plugins.Resilience;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Plugins;

/// <summary>Finds at the start what would otherwise fail at the first upload or call.</summary>
internal sealed class PluginHostOptionsRules : IValidateOptions<PluginHostOptions>
{
    private const int Million = 1_000_000;
    private const int DayMilliseconds = 24 * 60 * 60 * 1000;

    public ValidateOptionsResult Validate(string? name, PluginHostOptions options)
    {
        var errors = new List<string>();
        var limits = options.Limits;

        if (string.IsNullOrWhiteSpace(options.DataDirectory) || options.DataDirectory.Contains('\0', StringComparison.Ordinal))
            errors.Add($"{PluginHostOptions.Section}:{nameof(PluginHostOptions.DataDirectory)} must name a directory.");

        if (!ExecutionEngines.Names.Contains(options.Engine, StringComparer.Ordinal))
            errors.Add($"{PluginHostOptions.Section}:{nameof(PluginHostOptions.Engine)} is '{options.Engine}' and must be one of: {string.Join(", ", ExecutionEngines.Names)}.");

        foreach (var root in options.GuestFileRoots)
        {
            if (string.IsNullOrWhiteSpace(root) || !Path.IsPathRooted(root))
                errors.Add($"{PluginHostOptions.Section}:{nameof(PluginHostOptions.GuestFileRoots)} must hold absolute paths; '{root}' is none.");
        }

        void Range(string setting, long? value, long minimum, long maximum)
        {
            if (value < minimum || value > maximum)
                errors.Add(FormattableString.Invariant($"{PluginHostOptions.Section}:Limits:{setting} is {value} and must be between {minimum} and {maximum}."));
        }

        Range(nameof(limits.MaximumModuleBytes), limits.MaximumModuleBytes, 8, 1024 * PluginHostLimits.MebiByte);
        Range(nameof(limits.DiskBytes), limits.DiskBytes, PluginHostLimits.MebiByte, long.MaxValue);
        Range(nameof(limits.FreeDiskBytes), limits.FreeDiskBytes, 0, long.MaxValue);
        Range(nameof(limits.MaximumPlugins), limits.MaximumPlugins, 1, Million);
        Range(nameof(limits.MaximumVersions), limits.MaximumVersions, 1, Million);
        Range(nameof(limits.MaximumConcurrentUploads), limits.MaximumConcurrentUploads, 1, 10_000);
        Range(nameof(limits.MemoryBytes), limits.MemoryBytes, 65_536, 4096 * PluginHostLimits.MebiByte);
        Range(nameof(limits.DeadlineMilliseconds), limits.DeadlineMilliseconds, 1, DayMilliseconds);
        Range(nameof(limits.StartDeadlineMilliseconds), limits.StartDeadlineMilliseconds, 1, DayMilliseconds);
        Range(nameof(limits.MinimumInstances), limits.MinimumInstances, 0, limits.MaximumInstances);
        Range(nameof(limits.MaximumInstances), limits.MaximumInstances, 1, limits.MaximumConfigurableInstances);
        Range(nameof(limits.MaximumConfigurableInstances), limits.MaximumConfigurableInstances, 1, 10_000);
        Range(nameof(limits.MaximumTotalInstances), limits.MaximumTotalInstances, 1, 10_000);
        Range(nameof(limits.MaximumConcurrentStarts), limits.MaximumConcurrentStarts, 1, 1_000);
        Range(nameof(limits.QueueLength), limits.QueueLength, 0, 10_000);
        Range(nameof(limits.QueueTimeoutMilliseconds), limits.QueueTimeoutMilliseconds, 0, DayMilliseconds);
        Range(nameof(limits.IdleSeconds), limits.IdleSeconds, 0, DayMilliseconds / 1000);
        Range(nameof(limits.MaximumConcurrentInvocations), limits.MaximumConcurrentInvocations, 1, 10_000);
        Range(nameof(limits.CompiledBytes), limits.CompiledBytes, 0, 1024 * PluginHostLimits.MebiByte);
        Range(nameof(limits.BodyBytes), limits.BodyBytes, 1_024, 256 * Million);
        Range(nameof(limits.OutputBytes), limits.OutputBytes, 0, 64 * Million);
        Range(nameof(limits.OutputLineBytes), limits.OutputLineBytes, 80, Million);
        Range(nameof(limits.LogLines), limits.LogLines, 1, Million);
        Range(nameof(limits.LogFollowers), limits.LogFollowers, 1, 10_000);
        Range(nameof(limits.CallDepth), limits.CallDepth, 100, 10 * Million);
        Range(nameof(limits.Fuel), limits.Fuel, 1, long.MaxValue);
        Range(nameof(limits.StoreKeys), limits.StoreKeys, 0, 10 * Million);
        Range(nameof(limits.StoreBytes), limits.StoreBytes, 0, 64 * 1024 * PluginHostLimits.MebiByte);
        Range(nameof(limits.StoreValueBytes), limits.StoreValueBytes, 0, HostArguments.MaximumCopiedBytes);
        Range(nameof(limits.HttpRequestBytes), limits.HttpRequestBytes, 0, 64 * PluginHostLimits.MebiByte);
        Range(nameof(limits.HttpResponseBytes), limits.HttpResponseBytes, 0, 64 * PluginHostLimits.MebiByte);
        Range(nameof(limits.HttpTimeoutMilliseconds), limits.HttpTimeoutMilliseconds, 1, DayMilliseconds);
        Range(nameof(limits.RequestsPerSecond), limits.RequestsPerSecond, 1, Million);
        Range(nameof(limits.RequestBurst), limits.RequestBurst, 1, Million);
        Range(nameof(limits.InvocationsPerSecond), limits.InvocationsPerSecond, 1, PluginHostLimits.MostInvocationsPerSecond);
        Range(nameof(limits.InvocationBurst), limits.InvocationBurst, 1, PluginHostLimits.MostInvocationsPerSecond);
        Range(nameof(limits.QueuedOperations), limits.QueuedOperations, 0, Million);
        Range(nameof(limits.Operations), limits.Operations, 1, Million);
        Range(nameof(limits.OperationBytes), limits.OperationBytes, 1_024, 64 * 1024 * PluginHostLimits.MebiByte);
        Range(nameof(limits.OperationHours), limits.OperationHours, 1, 1_000);
        Range(nameof(limits.MaximumConnections), limits.MaximumConnections, 1, 10 * Million);
        Range(nameof(limits.HeaderTimeoutMilliseconds), limits.HeaderTimeoutMilliseconds, 100, DayMilliseconds);
        Range(nameof(limits.MaximumKeys), limits.MaximumKeys, 1, Million);
        Range(nameof(limits.AuditRows), limits.AuditRows, 100, 10 * Million);
        Range(nameof(limits.AuditDays), limits.AuditDays, 1, 36_500);
        Range(nameof(limits.DrainMilliseconds), limits.DrainMilliseconds, 0, DayMilliseconds);

        var circuit = new Dictionary<string, string[]>(StringComparer.Ordinal);
        CircuitRules.Check(limits.Circuit, circuit);
        errors.AddRange(circuit.Select(error => $"{PluginHostOptions.Section}:Limits{error.Key.Replace('/', ':')} {error.Value[0]}"));

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
