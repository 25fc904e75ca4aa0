namespace PluginHost.Cli.Server;

/// <summary>A page of plugins.</summary>
internal sealed record PluginList(IReadOnlyList<PluginSummary> Plugins, string? NextPageToken);

/// <summary>A plugin as far as lists show it.</summary>
internal sealed record PluginSummary(string Name, DateTimeOffset UpdatedAt, int? Live, int VersionCount);

/// <summary>A plugin's versions, the newest first.</summary>
internal sealed record VersionList(IReadOnlyList<VersionSummary> Items, string? NextPageToken);

/// <summary>A version as far as lists show it.</summary>
internal sealed record VersionSummary(string Plugin, int Ordinal, string Digest, long Size, DateTimeOffset UploadedAt, VersionMetadata? Metadata);

/// <summary>What the tool tells of a module.</summary>
internal sealed record VersionMetadata(IReadOnlyList<ServerExport>? Exports, string? GoVersion, IReadOnlyList<string>? Warnings);

/// <summary>The functions of one version.</summary>
internal sealed record ExportList(int Version, IReadOnlyList<ServerExport> Items);

/// <summary>A line that a plugin wrote.</summary>
internal sealed record LogLine(long Sequence, DateTimeOffset Time, string Stream, long Invocation, int Version, long Instance, string Text);

/// <summary>The kept lines.</summary>
internal sealed record LogPage(IReadOnlyList<LogLine> Lines);

/// <summary>What an upload came to.</summary>
/// <param name="Created">Whether it is a new version: the same bytes again are the same one.</param>
internal sealed record Upload(VersionSummary Version, bool Created);

/// <summary>What one plugin has.</summary>
internal sealed record PluginContent(string Plugin, IReadOnlyList<VersionSummary> Versions, ExportList Exports);
