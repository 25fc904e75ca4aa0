using PluginHost.Wasm.Modules;

namespace PluginHost.Wasm.Tests.Modules;

public sealed class ModuleFactsTests
{
    [Fact]
    public void GoModule_TellsItsBuildAndOrigin()
    {
        var module = WasmModule.Load(Repository.Sample("calc"));

        var info = module.GoBuildInfo;

        Assert.NotNull(info);
        Assert.StartsWith("go1.", info.GoVersion, StringComparison.Ordinal);
        Assert.Equal("c-shared", info.Setting("-buildmode"));
        Assert.Equal("wasip1", info.Setting("GOOS"));
        Assert.Equal(info.GoVersion, module.Producers.Version("language", "Go"));
        Assert.Equal(new ModuleOrigin(ModuleKind.Reactor, $"Go {info.GoVersion}", IsGo: true, IsTinyGo: false), ModuleOrigin.Of(module));
    }

    [Fact]
    public void GoModule_NamesItsFunctions()
    {
        var module = WasmModule.Load(Repository.Sample("calc"));
        var initialize = module.Exports.Single(export => export.Name == "_initialize").Index;

        Assert.Equal("_rt0_wasm_wasip1_lib", module.FunctionName(initialize));
    }

    [Theory]
    [InlineData(new byte[] { 1, 0x7F })]
    [InlineData(new byte[] { 1, 2, 0xFF, 0x01 })]
    [InlineData(new byte[] { 1, 3, 1, 0, 0x7F })]
    public void BrokenNameSection_LeavesTheModuleValidWithoutNames(byte[] content)
    {
        var bytes = (byte[])[.. ModuleBytes.WithBody(0x0B), .. new ModuleBytes().Custom("name", content).ToArray()[8..]];

        Assert.Null(WasmModule.Load(bytes).FunctionName(0));
    }

    [Fact]
    public void BrokenProducersSection_CountsUpToItsFault()
    {
        byte[] content = [2, .. ModuleBytes.Name("language"), 1, .. ModuleBytes.Name("Rust"), .. ModuleBytes.Name("1"), .. ModuleBytes.Name("sdk"), 0x7F];
        var module = WasmModule.Load(new ModuleBytes().Custom("producers", content).ToArray());

        Assert.Equal(new Producer("language", "Rust", "1"), Assert.Single(module.Producers.All));
        Assert.Null(module.GoBuildInfo);
        Assert.Equal(ModuleKind.Library, ModuleOrigin.Of(module).Kind);
    }

    [Theory]
    [InlineData("", BinaryFormat.Empty)]
    [InlineData("0061", BinaryFormat.TruncatedHeader)]
    [InlineData("0061736D0100", BinaryFormat.TruncatedHeader)]
    [InlineData("0061736D01000000", BinaryFormat.Module)]
    [InlineData("0061736D0D000100", BinaryFormat.Component)]
    [InlineData("0061736D02000000", BinaryFormat.UnknownVersion)]
    [InlineData("286D6F64756C6529", BinaryFormat.Text)]
    [InlineData("1F8B08", BinaryFormat.Gzip)]
    [InlineData("504B0304", BinaryFormat.Zip)]
    [InlineData("7F454C46", BinaryFormat.Elf)]
    [InlineData("4D5A9000", BinaryFormat.PortableExecutable)]
    [InlineData("0102", BinaryFormat.Unknown)]
    public void Detect_FirstBytes_GivesTheFormat(string hexadecimal, BinaryFormat expected) =>
        Assert.Equal(expected, BinaryFormats.Detect(Convert.FromHexString(hexadecimal)));
}
