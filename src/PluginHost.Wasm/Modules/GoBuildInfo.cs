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
    private const int HeaderBytes = 32;
    private const int Alignment = 16;
    private const int FlagsOffset = 15;
    private const int MaximumBytes = 1024 * 1024;
    private const int SentinelBytes = 16;

    // Written by the linker behind the bytes 0xFF 0x20 'Go buildinf:' (debug/buildinfo). Flag 2: the strings stand behind the header, with their lengths.
    private static ReadOnlySpan<byte> Magic => [0xFF, (byte)' ', (byte)'G', (byte)'o', (byte)' ', (byte)'b', (byte)'u', (byte)'i', (byte)'l', (byte)'d', (byte)'i', (byte)'n', (byte)'f', (byte)':'];

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

    internal static GoBuildInfo? Read(DataImage image)
    {
        foreach (ref readonly var run in image.Runs)
        {
            var bytes = image.RunBytes(run);

            for (var at = 0; ;)
            {
                var found = bytes[at..].IndexOf(Magic);

                if (found < 0)
                    break;

                at += found;

                // A program that reads build information holds the magic as a string too.
                if ((run.Address + (uint)at) % Alignment == 0 && TryParse(bytes[at..]) is { } info)
                    return info;

                at++;
            }
        }

        return null;
    }

    private static GoBuildInfo? TryParse(ReadOnlySpan<byte> blob)
    {
        if (blob.Length < HeaderBytes || (blob[FlagsOffset] & 2) == 0)
            return null;

        var rest = blob[HeaderBytes..];

        if (!TryReadString(ref rest, out var version) || version.IsEmpty || !TryReadString(ref rest, out var module))
            return null;

        // The module's text stands between two sentinels of 16 bytes each.
        var text = module.Length >= (2 * SentinelBytes) + 1 && module[^(SentinelBytes + 1)] == '\n' ? module[SentinelBytes..^SentinelBytes] : [];
        return Parse(Encoding.UTF8.GetString(version), Encoding.UTF8.GetString(text));
    }

    private static bool TryReadString(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> value)
    {
        value = default;
        var length = 0;

        for (var shift = 0; shift <= 21; shift += 7)
        {
            if (rest.IsEmpty)
                return false;

            var next = rest[0];
            rest = rest[1..];
            length |= (next & 0x7F) << shift;

            if (next >= 0x80)
                continue;

            if (length > Math.Min(rest.Length, MaximumBytes))
                return false;

            value = rest[..length];
            rest = rest[length..];
            return true;
        }

        return false;
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
                case ["build", ..]:
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
