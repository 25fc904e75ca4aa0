using System.Text;
using PluginHost.Wasm.Modules;

namespace PluginHost.Wasm.Tests.Modules;

public sealed class GoBuildInfoTests
{
    // The marks that cmd/go puts around the text.
    private const string Start = "3077AF0C9274080241E1C107E6D618E6";
    private const string End = "F932433186182072008242104116D8F2";

    /// <summary>What Go 1.24 writes for a program with a replaced dependency, a downloaded one and a linker flag with quotes in it.</summary>
    private const string Text =
        """
        path	example.org/main
        mod	example.org/main	(devel)	
        dep	example.org/dep	v1.2.3
        =>	../dep	(devel)	
        dep	example.org/other	v0.4.0	h1:Zm9v
        build	-buildmode=c-shared
        build	-ldflags="-s -w -X \"main.x=a b\""
        build	GOARCH=wasm
        """;

    [Theory]
    [InlineData("calc")]
    [InlineData("counter")]
    [InlineData("goroutines")]
    [InlineData("text")]
    [InlineData("crypto")]
    [InlineData("faults")]
    [InlineData("faults-init")]
    [InlineData("kernels")]
    public void Sample_TellsHowItWasBuilt(string sample)
    {
        var info = WasmModule.Load(Repository.Sample(sample)).GoBuildInfo;

        Assert.NotNull(info);
        Assert.StartsWith("go1.24", info.GoVersion, StringComparison.Ordinal);
        Assert.Equal($"pluginhost.example/{sample}", info.Path);
        Assert.Equal(new GoModule($"pluginhost.example/{sample}", "(devel)", ""), info.Main);
        Assert.Empty(info.Dependencies);
        Assert.Equal("c-shared", info.Setting("-buildmode"));
        Assert.Equal("true", info.Setting("-trimpath"));
        Assert.Equal("wasip1", info.Setting("GOOS"));
    }

    [Fact]
    public void Text_GivesModulesReplacementsAndSettings()
    {
        var info = Read("go1.24.4", [.. Convert.FromHexString(Start), .. Encoding.UTF8.GetBytes(Text), .. Convert.FromHexString(End)]);

        Assert.NotNull(info);
        Assert.Equal("go1.24.4", info.GoVersion);
        Assert.Equal("example.org/main", info.Path);
        Assert.Equal(new GoModule("example.org/main", "(devel)", ""), info.Main);
        Assert.Equal(
            [new GoModule("example.org/dep", "v1.2.3", "", new GoModule("../dep", "(devel)", "")), new GoModule("example.org/other", "v0.4.0", "h1:Zm9v")],
            info.Dependencies.AsEnumerable());
        Assert.Equal("c-shared", info.Setting("-buildmode"));
        Assert.Equal("-s -w -X \"main.x=a b\"", info.Setting("-ldflags"));
        Assert.Null(info.Setting("GOOS"));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData(Start, "")]
    [InlineData("", End)]
    public void TextWithoutBothMarks_LeavesTheVersionAlone(string start, string end)
    {
        var info = Read("go1.24.4", [.. Convert.FromHexString(start), .. Encoding.UTF8.GetBytes(Text), .. Convert.FromHexString(end)]);

        Assert.NotNull(info);
        Assert.Equal("go1.24.4", info.GoVersion);
        Assert.Null(info.Main);
        Assert.Empty(info.Settings);
    }

    [Fact]
    public void TornText_GivesWhatCanBeRead()
    {
        var info = Read("go1.24.4", [.. Convert.FromHexString(Start), .. "=>\tx\nmod\ndep\n=>\nbuild\t=\nbuild\nnonsense\npath"u8, 0xFF, 0xFE, .. Convert.FromHexString(End)]);

        Assert.NotNull(info);
        Assert.Equal(new GoModule("", "", ""), info.Main);
        Assert.Equal(new GoModule("", "", "", new GoModule("", "", "")), Assert.Single(info.Dependencies));
        Assert.Empty(info.Settings);
    }

    [Fact]
    public void AnotherLanguage_HasNone() => Assert.Null(Read(null, [.. Convert.FromHexString(Start), .. Convert.FromHexString(End)]));

    /// <summary>A module of one data segment, and a producers section that names Go where a version is given.</summary>
    private static GoBuildInfo? Read(string? version, byte[] data)
    {
        var bytes = new ModuleBytes().Section(5, 1, 0, 1).Section(11, [1, 0, .. ModuleBytes.Offset(8), .. ModuleBytes.Sized(data)]);

        if (version is not null)
            bytes.Custom("producers", [1, .. ModuleBytes.Name("language"), 1, .. ModuleBytes.Name("Go"), .. ModuleBytes.Name(version)]);

        return WasmModule.Load(bytes.ToArray()).GoBuildInfo;
    }
}
