using System.Text.Json.Serialization;
using PluginHost.Api.Endpoints;
using PluginHost.Plugins;
using PluginHost.Plugins.Access;
using PluginHost.Plugins.Aliases;
using PluginHost.Plugins.Auditing;
using PluginHost.Plugins.Manifests;
using PluginHost.Plugins.Operations;
using PluginHost.Plugins.Telemetry;

namespace PluginHost.Api;

/// <summary>The JSON of the API's answers.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Contracts.Health))]
[JsonSerializable(typeof(VersionPage))]
[JsonSerializable(typeof(Contracts.Exports))]
[JsonSerializable(typeof(Contracts.Logs))]
[JsonSerializable(typeof(Contracts.InvokeRequest))]
[JsonSerializable(typeof(Contracts.InvokeResponse))]
[JsonSerializable(typeof(Contracts.BatchRequest))]
[JsonSerializable(typeof(Contracts.BatchResponse))]
[JsonSerializable(typeof(Contracts.Problem))]
[JsonSerializable(typeof(Contracts.ModuleReportResponse))]
[JsonSerializable(typeof(Alias))]
[JsonSerializable(typeof(AliasList))]
[JsonSerializable(typeof(AliasRequest))]
[JsonSerializable(typeof(AuditPage))]
[JsonSerializable(typeof(KeyList))]
[JsonSerializable(typeof(KeyRequest))]
[JsonSerializable(typeof(MadeKey))]
[JsonSerializable(typeof(HostDescription))]
[JsonSerializable(typeof(Operation))]
[JsonSerializable(typeof(OperationPage))]
[JsonSerializable(typeof(PluginPage))]
[JsonSerializable(typeof(Plugin))]
[JsonSerializable(typeof(PluginVersion))]
[JsonSerializable(typeof(PluginManifest))]
[JsonSerializable(typeof(PluginStatistics))]
[JsonSerializable(typeof(PluginLogLine))]
internal sealed partial class ApiJsonContext : JsonSerializerContext;
