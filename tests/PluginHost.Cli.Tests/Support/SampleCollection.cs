namespace PluginHost.Cli.Tests.Support;

/// <summary>The tests that share one server with samples.</summary>
[CollectionDefinition(Name)]
public sealed class SampleCollection : ICollectionFixture<SampleFixture>
{
    public const string Name = "samples";
}
