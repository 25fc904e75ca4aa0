using System.Text;
using PluginHost.Wasm.Modules;

namespace PluginHost.Wasi.Tests.Support;

/// <summary>A module that imports every function of WASI and exports each again under its name, with a memory of two pages that may grow to four.</summary>
internal static class ImportingModule
{
    public const uint Pages = 2;

    public static WasmModule Module { get; } = WasmModule.Load(Build());

    private static byte[] Build()
    {
        var functions = WasiSignatures.All;
        var types = functions.Select(function => (byte[])[0x60, (byte)function.Parameters.Length, .. function.Parameters.Select(Type), .. Results(function.Name)]);
        var imports = functions.Select((function, index) => (byte[])[.. Text(WasiImports.ModuleName), .. Text(function.Name), 0x00, (byte)index]);
        var exports = functions.Select((function, index) => (byte[])[.. Text(function.Name), 0x00, (byte)index]);

        return
        [
            0x00, (byte)'a', (byte)'s', (byte)'m', 1, 0, 0, 0,
            .. Section(1, types),
            .. Section(2, imports),
            .. Section(5, [[0x01, (byte)Pages, 0x04]]),
            .. Section(7, exports.Append([.. Text("memory"), 0x02, 0x00])),
        ];
    }

    private static byte[] Results(string name) => name == WasiSignatures.NoReturn ? [0] : [1, 0x7F];

    private static byte Type(char letter) => letter == 'I' ? (byte)0x7E : (byte)0x7F;

    private static byte[] Section(byte id, IEnumerable<byte[]> items)
    {
        var all = items.ToList();
        byte[] content = [.. Length(all.Count), .. all.SelectMany(item => item)];
        return [id, .. Length(content.Length), .. content];
    }

    private static byte[] Text(string text) => [.. Length(text.Length), .. Encoding.UTF8.GetBytes(text)];

    private static byte[] Length(int value) => value < 128 ? [(byte)value] : [(byte)(value | 0x80), .. Length(value >> 7)];
}
