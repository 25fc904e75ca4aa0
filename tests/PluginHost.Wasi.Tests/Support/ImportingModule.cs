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
        var types = functions.Select(function => (byte[])[0x60, .. ModuleBytes.Sized([.. function.Parameters.Select(Type)]), .. Results(function.Name)]);
        var imports = functions.Select((function, index) => (byte[])[.. ModuleBytes.Name(WasiImports.ModuleName), .. ModuleBytes.Name(function.Name), 0x00, (byte)index]);
        var exports = functions.Select((function, index) => (byte[])[.. ModuleBytes.Name(function.Name), 0x00, (byte)index]);

        return new ModuleBytes()
            .Section(1, Vector(types))
            .Section(2, Vector(imports))
            .Section(5, [1, 0x01, (byte)Pages, 0x04])
            .Section(7, Vector(exports.Append([.. ModuleBytes.Name("memory"), 0x02, 0x00])))
            .ToArray();
    }

    private static byte[] Results(string name) => name == WasiSignatures.NoReturn ? [0] : [1, 0x7F];

    private static byte Type(char letter) => letter == 'I' ? (byte)0x7E : (byte)0x7F;

    private static byte[] Vector(IEnumerable<byte[]> items)
    {
        var all = items.ToList();
        return [.. ModuleBytes.U32((uint)all.Count), .. all.SelectMany(item => item)];
    }
}
