using System.Globalization;
using PluginHost.Plugins.Aliases;
using PluginHost.Plugins.Loading;
using PluginHost.Plugins.Manifests;

namespace PluginHost.Api.WebConsole;

/// <summary>Values as people read them.</summary>
internal static class Text
{
    public static string Bytes(long bytes) => bytes switch
    {
        < 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
        < 1024 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.#} KiB"),
        < 1024L * 1024 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1024.0 * 1024):0.#} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1024.0 * 1024 * 1024):0.##} GiB"),
    };

    public static string Time(DateTimeOffset? time) => time?.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "";

    /// <summary>Where an alias points: <c>7</c>, or <c>7 95 %, 8 5 %</c>.</summary>
    public static string Targets(Alias? alias)
    {
        if (alias is null)
            return "–";

        if (alias.Only is { } only)
            return only.ToString(CultureInfo.InvariantCulture);

        var total = alias.Targets.Sum(target => (double)target.Weight);
        return string.Join(", ", alias.Targets.Select(target => string.Create(CultureInfo.InvariantCulture, $"{target.Version} {100 * target.Weight / total:0.#} %")));
    }

    /// <summary>What a function takes and gives.</summary>
    public static string Signature(ExportDescription export)
    {
        var (parameters, result) = export.Declared is { } declared
            ? (declared.Parameters.Select(parameter => $"{parameter.Name} {Word(parameter.Type)}"), declared.Result is { } given ? Word(given.Type) : "")
            : (export.Parameters, string.Join(", ", export.Results));
        return $"{export.Name}({string.Join(", ", parameters)}){(result.Length == 0 ? "" : $" → {result}")}";
    }

    public static string Word(DeclaredType type) => type.ToString().ToLowerInvariant();
}
