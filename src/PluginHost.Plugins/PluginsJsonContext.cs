using System.Text.Json.Serialization;
using PluginHost.Plugins.Aliases;
using PluginHost.Plugins.Backups;
using PluginHost.Plugins.Loading;
using PluginHost.Plugins.Operations;
using PluginHost.Plugins.Signatures;

namespace PluginHost.Plugins;

/// <summary>How what the catalog keeps is written as JSON; also right for the API.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(PluginConfiguration))]
[JsonSerializable(typeof(BackupManifest))]
[JsonSerializable(typeof(CallMessage))]
[JsonSerializable(typeof(ModuleMetadata))]
[JsonSerializable(typeof(ModuleSignature))]
[JsonSerializable(typeof(IReadOnlyList<AliasTarget>))]
[JsonSerializable(typeof(System.Text.Json.JsonElement))]
public sealed partial class PluginsJsonContext : JsonSerializerContext;
