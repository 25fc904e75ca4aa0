namespace PluginHost.Plugins.Loading;

/// <summary>How a Go module is built that this host can run; every refusal of an upload ends with it.</summary>
public static class GoBuild
{
    public const string Command = "GOOS=wasip1 GOARCH=wasm go build -buildmode=c-shared -o plugin.wasm .";

    internal static PluginFailure Refusal(string detail, long? offset = null) => new(FailureCode.InvalidModule, detail)
    {
        Hint = $"Build a Go plugin with: {Command}",
        Offset = offset,
    };
}
