
namespace PluginHost.Plugins.Tests;

public sealed class PluginConfigurationRulesTests
{
    private static readonly PluginConfigurationRules Rules = new(new PluginHostOptions(), []);

    public static TheoryData<string, PluginConfiguration> Refused => new()
    {
        { "/limits/memoryBytes", new PluginConfiguration { Limits = new PluginLimits { MemoryBytes = 65_535 } } },
        { "/limits/memoryBytes", new PluginConfiguration { Limits = new PluginLimits { MemoryBytes = 257 * PluginHostLimits.MebiByte } } },
        { "/limits/deadlineMilliseconds", new PluginConfiguration { Limits = new PluginLimits { DeadlineMilliseconds = 0 } } },
        { "/limits/deadlineMilliseconds", new PluginConfiguration { Limits = new PluginLimits { DeadlineMilliseconds = 30_001 } } },
        { "/limits/fuel", new PluginConfiguration { Limits = new PluginLimits { Fuel = -1 } } },
        { "/limits/callDepth", new PluginConfiguration { Limits = new PluginLimits { CallDepth = int.MaxValue } } },
        { "/limits/outputBytes", new PluginConfiguration { Limits = new PluginLimits { OutputBytes = -1 } } },
        { "/pool/maximum", new PluginConfiguration { Pool = new PoolConfiguration { Maximum = 0 } } },
        { "/pool/minimum", new PluginConfiguration { Pool = new PoolConfiguration { Minimum = 4, Maximum = 3 } } },
        { "/pool/queueLength", new PluginConfiguration { Pool = new PoolConfiguration { QueueLength = -1 } } },
        { "/environment", new PluginConfiguration { Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["A=B"] = "" } } },
        { "/environment", new PluginConfiguration { Environment = new Dictionary<string, string>(StringComparer.Ordinal) { [""] = "" } } },
        { "/environment", new PluginConfiguration { Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["A"] = new string('x', 70_000) } } },
        { "/environment/a~1b", new PluginConfiguration { Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["a/b"] = "\0" } } },
        { "/environment/A", new PluginConfiguration { Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["A"] = null! } } },
        { "/directories/0/host", new PluginConfiguration { Directories = [new DirectoryGrant("/", "/data")] } },
        { "/directories/0/host", new PluginConfiguration { Directories = [new DirectoryGrant("relative", "/data")] } },
        { "/directories/0/guest", new PluginConfiguration { Directories = [new DirectoryGrant("/", "data")] } },
        { "/directories/0", new PluginConfiguration { Directories = [null!] } },
        { "/directories/0", new PluginConfiguration { Directories = [new DirectoryGrant(null!, "/")] } },
        { "/engine", new PluginConfiguration { Engine = "abacus" } },
        { "/engine", new PluginConfiguration { Engine = "" } },
        { "", new PluginConfiguration { Limits = null! } },
        { "", new PluginConfiguration { Environment = null! } },
    };

    [Fact]
    public void Check_DefaultConfiguration_IsAccepted() => Assert.Null(Rules.Check(PluginConfiguration.Default));

    [Theory]
    [MemberData(nameof(Refused))]
    public void Check_ConfigurationOutOfBounds_NamesThePlace(string pointer, PluginConfiguration configuration)
    {
        var failure = Rules.Check(configuration);

        Assert.Equal(FailureCode.InvalidConfiguration, failure?.Code);
        Assert.True(failure!.Errors!.ContainsKey(pointer), failure.Detail);
    }

    [Fact]
    public void Check_UnknownEngine_ListsThoseThatThereAre() =>
        Assert.Contains("tiered, compiled", Rules.Check(new PluginConfiguration { Engine = "abacus" })!.Detail, StringComparison.Ordinal);

    [Theory]
    [InlineData("tiered", "interpreter", true)]
    [InlineData("tiered", "compiled", true)]
    [InlineData("compiled", "tiered", true)]
    [InlineData("interpreter", "interpreter", true)]
    [InlineData("interpreter", "tiered", false)]
    [InlineData("interpreter", "compiled", false)]
    public void Check_Engine_IsAcceptedUnlessTheServerGeneratesNoCode(string server, string engine, bool isAccepted)
    {
        var refusal = new PluginConfigurationRules(new PluginHostOptions { Engine = server }, []).Check(new PluginConfiguration { Engine = engine });

        Assert.Equal(isAccepted, refusal is null);
        Assert.Equal(isAccepted ? engine : server, new EngineChoice(server).Of(engine).Name);
    }

    [Fact]
    public void Check_DirectoryWithinARoot_IsAccepted()
    {
        using var root = new TemporaryDirectory();
        var granted = Directory.CreateDirectory(Path.Combine(root.Path, "granted")).FullName;

        Assert.Null(RulesFor(root.Path).Check(Grant(granted)));
        Assert.Null(RulesFor(root.Path).Check(Grant(root.Path)));
    }

    [Fact]
    public void Check_DirectoryOutsideTheRoots_IsRefusedHoweverItIsWritten()
    {
        using var directory = new TemporaryDirectory();
        var root = Directory.CreateDirectory(Path.Combine(directory.Path, "root")).FullName;
        var sibling = Directory.CreateDirectory(Path.Combine(directory.Path, "root2")).FullName;
        Directory.CreateSymbolicLink(Path.Combine(root, "link"), sibling);
        Directory.CreateSymbolicLink(Path.Combine(root, "loop"), Path.Combine(root, "loop"));
        var rules = RulesFor(root);

        Assert.NotNull(rules.Check(Grant(sibling)));
        Assert.NotNull(rules.Check(Grant(Path.Combine(root, "..", "root2"))));
        Assert.NotNull(rules.Check(Grant(Path.Combine(root, "link"))));
        Assert.NotNull(rules.Check(Grant(Path.Combine(root, "loop"))));
        Assert.NotNull(rules.Check(Grant(Path.Combine(root, "missing"))));
    }

    [Theory]
    [InlineData(256 * PluginHostLimits.MebiByte, "230MiB")]
    [InlineData(8 * PluginHostLimits.MebiByte, "7MiB")]
    [InlineData(65_536, "1MiB")]
    public void Settings_MemoryLimit_BecomesGosOwn(long memoryBytes, string expected)
    {
        var settings = new PluginSettings(new PluginConfiguration { Limits = new PluginLimits { MemoryBytes = memoryBytes } }, new PluginHostLimits(), new EngineChoice("tiered"));

        Assert.Equal(expected, settings.Environment["GOMEMLIMIT"]);
    }

    [Fact]
    public void Settings_MemoryLimitInTheEnvironment_IsLeftAsItIs()
    {
        var configuration = new PluginConfiguration { Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["GOMEMLIMIT"] = "off" } };

        Assert.Equal("off", new PluginSettings(configuration, new PluginHostLimits(), new EngineChoice("tiered")).Environment["GOMEMLIMIT"]);
    }

    private static PluginConfiguration Grant(string host) => new() { Directories = [new DirectoryGrant(host, "/data")] };

    private static PluginConfigurationRules RulesFor(string root)
    {
        var options = new PluginHostOptions();
        options.GuestFileRoots.Add(root);
        return new PluginConfigurationRules(options, []);
    }
}
