using PluginHost.Wasm.Binary;
using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Validation;

namespace PluginHost.Fuzz;

/// <summary>Compares what decoder and validator accept with what wabt's do.</summary>
internal sealed class Acceptance(string folder)
{
    /// <summary>
    /// Where the two may differ, by what this project's error says, and why: its limits are its own, and a name that is not UTF-8 is tolerated by wabt
    /// in custom sections it knows.
    /// </summary>
    private static readonly string[] Deliberate = ["than the limit of", "larger than the limit"];

    public long Accepted { get; private set; }

    public long Refused { get; private set; }

    /// <returns>What was different; null where nothing was.</returns>
    public string? Compare(byte[] bytes)
    {
        string? refusal = null;

        try
        {
            WasmModule.Load(bytes);
            Accepted++;
        }
        catch (Exception exception) when (exception is MalformedModuleException or InvalidModuleException)
        {
            refusal = exception.Message;
            Refused++;
        }

        if (refusal is not null && Deliberate.Any(reason => refusal.Contains(reason, StringComparison.Ordinal)))
            return null;

        var file = Path.Combine(folder, "mutated.wasm");
        File.WriteAllBytes(file, bytes);

        // Wabt looks into the name section and refuses modules for what it finds there; the specification does not (spec 7.4.1).
        var (exitCode, output) = Tool.Run("wasm-validate", file, "--disable-simd", "--enable-tail-call", "--enable-extended-const", "--ignore-custom-section-errors");
        var isAccepted = exitCode == 0;

        if (isAccepted == refusal is null)
            return null;

        return refusal is null ? $"accepted here; wabt: {output.Trim()}" : $"accepted by wabt; here: {refusal}";
    }
}
