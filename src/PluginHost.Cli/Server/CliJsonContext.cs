using System.Text.Json;
using System.Text.Json.Serialization;
using PluginHost.Cli.Output;

namespace PluginHost.Cli.Server;

/// <summary>How answers of the server are read, and what the tool writes as JSON. Members that are not known are passed over: the server may be newer.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(BackupSummary))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(PluginList))]
[JsonSerializable(typeof(VersionList))]
[JsonSerializable(typeof(VersionSummary))]
[JsonSerializable(typeof(ExportList))]
[JsonSerializable(typeof(LogLine))]
[JsonSerializable(typeof(LogPage))]
[JsonSerializable(typeof(Upload))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(PluginContent))]
[JsonSerializable(typeof(BuiltEvent))]
[JsonSerializable(typeof(PushedEvent))]
[JsonSerializable(typeof(AnsweredEvent))]
[JsonSerializable(typeof(FailedEvent))]
[JsonSerializable(typeof(RevokedEvent))]
[JsonSerializable(typeof(ServerKeys))]
[JsonSerializable(typeof(ServerAliases))]
[JsonSerializable(typeof(ServerAlias))]
[JsonSerializable(typeof(NewAliasTargets))]
[JsonSerializable(typeof(NewServerKey))]
[JsonSerializable(typeof(MadeServerKey))]
[JsonSerializable(typeof(AuditEntries))]
internal sealed partial class CliJsonContext : JsonSerializerContext;
