using PluginHost.Wasm.Runtime;

namespace PluginHost.WasiRun.Tests.GoLibrary;

/// <summary>The packages of Go's standard library whose own tests are run.</summary>
internal static class GoPackages
{
    /// <summary>Names the file that the table of results goes to. With it every package is run, without it a few; all with <c>-short</c>.</summary>
    public const string TableVariable = "GO_LIBRARY_TABLE";

    private static readonly string[] s_always =
    [
        "math", "math/bits", "strconv", "strings", "bytes", "sort", "slices", "maps", "unicode/utf8", "container/list", "errors", "bufio", "io",
        "encoding/binary", "encoding/hex", "encoding/base64", "hash/crc32", "crypto/sha256", "fmt",
    ];

    private static readonly string[] s_onDemand =
    [
        "encoding/json", "encoding/gob", "regexp", "reflect", "math/big", "text/template", "compress/flate", "compress/gzip", "time", "sync", "context",
        "runtime", "io/fs", "path/filepath", "os", "syscall", "net/url",
    ];

    public static string? TableFile { get; } = Environment.GetEnvironmentVariable(TableVariable) is { Length: > 0 } file ? file : null;

    /// <summary>Each engine's name with each package.</summary>
    public static TheoryData<string, string> Rows()
    {
        var rows = new TheoryData<string, string>();

        foreach (var engine in ExecutionEngines.All)
        {
            foreach (var package in TableFile is null ? s_always : [.. s_always, .. s_onDemand])
                rows.Add(engine.Name, package);
        }

        return rows;
    }
}
