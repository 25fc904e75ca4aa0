using System.Collections.Immutable;
using System.Text;

namespace PluginHost.Wasm.Modules;

/// <summary>What Go's linker says of a program, as <c>go version -m</c> shows it.</summary>
/// <param name="GoVersion">The toolchain, such as <c>go1.24.4</c>.</param>
/// <param name="Path">The main package's import path.</param>
/// <param name="Main">The main module; null where the program was built from files.</param>
/// <param name="Settings">The build's settings, such as <c>-buildmode</c> and <c>GOARCH</c>, in the linker's order.</param>
public sealed record GoBuildInfo(
    string GoVersion,
    string? Path,
    GoModule? Main,
    ImmutableArray<GoModule> Dependencies,
    ImmutableArray<KeyValuePair<string, string>> Settings)
{
    private const int MaximumBytes = 1024 * 1024;

    // A wasm module has no "Go buildinf:" header as native programs have. What there is: the text of runtime/debug's BuildInfo between the two marks of
    // cmd/go (modload/build.go), and the toolchain's version in the producers section.
    private static ReadOnlySpan<byte> StartMark => [0x30, 0x77, 0xAF, 0x0C, 0x92, 0x74, 0x08, 0x02, 0x41, 0xE1, 0xC1, 0x07, 0xE6, 0xD6, 0x18, 0xE6];

    private static ReadOnlySpan<byte> EndMark => [0xF9, 0x32, 0x43, 0x31, 0x86, 0x18, 0x20, 0x72, 0x00, 0x82, 0x42, 0x10, 0x41, 0x16, 0xD8, 0xF2];

    /// <summary>The value of a build setting; null where it is not set.</summary>
    public string? Setting(string key)
    {
        foreach (var setting in Settings)
        {
            if (string.Equals(setting.Key, key, StringComparison.Ordinal))
                return setting.Value;
        }

        return null;
    }

    internal static GoBuildInfo? Read(WasmModule module) =>
        module.Producers.Version("language", "Go") is { Length: > 0 } version ? Parse(version, Encoding.UTF8.GetString(Text(module.DataImage))) : null;

    /// <summary>What stands between the marks; empty where the program was linked without it.</summary>
    private static ReadOnlySpan<byte> Text(DataImage image)
    {
        foreach (ref readonly var run in image.Runs)
        {
            var bytes = image.RunBytes(run);
            var start = bytes.IndexOf(StartMark);

            if (start < 0)
                continue;

            bytes = bytes[(start + StartMark.Length)..];
            bytes = bytes[..Math.Min(bytes.Length, MaximumBytes)];

            var end = bytes.IndexOf(EndMark);

            if (end >= 0)
                return bytes[..end];
        }

        return [];
    }

    // The lines of runtime/debug's BuildInfo: a keyword and fields, with tabs between them.
    private static GoBuildInfo Parse(string version, string text)
    {
        string? path = null;
        GoModule? main = null;
        var dependencies = ImmutableArray.CreateBuilder<GoModule>();
        var settings = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        var isMainLast = false;

        foreach (var line in text.Split('\n'))
        {
            var fields = line.Split('\t');

            switch (fields)
            {
                case ["path", var value, ..]:
                    path = value;
                    break;
                case ["mod", ..]:
                    main = Module(fields);
                    isMainLast = true;
                    break;
                case ["dep", ..]:
                    dependencies.Add(Module(fields));
                    isMainLast = false;
                    break;
                case ["=>", ..] when isMainLast && main is not null:
                    main = main with { Replacement = Module(fields) };
                    break;
                case ["=>", ..] when dependencies.Count > 0:
                    dependencies[^1] = dependencies[^1] with { Replacement = Module(fields) };
                    break;
                case ["build", _, ..]:
                    AddSetting(line["build\t".Length..], settings);
                    break;
            }
        }

        return new GoBuildInfo(version, path, main, dependencies.ToImmutable(), settings.ToImmutable());
    }

    private static GoModule Module(string[] fields) => new(fields.ElementAtOrDefault(1) ?? "", fields.ElementAtOrDefault(2) ?? "", fields.ElementAtOrDefault(3) ?? "");

    private static void AddSetting(string setting, ImmutableArray<KeyValuePair<string, string>>.Builder settings)
    {
        var separator = setting.IndexOf('=', StringComparison.Ordinal);

        if (separator > 0)
            settings.Add(new(Unquote(setting[..separator]), Unquote(setting[(separator + 1)..])));
    }

    // A key or value with spaces or quotes in it is written as a Go string literal; the escapes that occur are those of quotes and backslashes.
    private static string Unquote(string value) => value.Length >= 2 && value[0] == '"' && value[^1] == '"'
        ? value[1..^1].Replace("\\\"", "\"", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal)
        : value.Length >= 2 && value[0] == '`' && value[^1] == '`' ? value[1..^1] : value;
}
