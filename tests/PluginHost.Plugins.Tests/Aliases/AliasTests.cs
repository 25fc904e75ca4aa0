using PluginHost.Plugins.Aliases;

namespace PluginHost.Plugins.Tests.Aliases;

public sealed class AliasTests
{
    [Theory]
    [InlineData(95, 5)]
    [InlineData(1, 1)]
    [InlineData(1, 999_999)]
    public void Choose_ManyInvocations_EachVersionHasItsShare(int first, int second)
    {
        const int Invocations = 200_000;
        var alias = Of((7, first), (8, second));

        var newer = Enumerable.Range(0, Invocations).Count(_ => alias.Choose(null) == 8);

        // Six standard deviations: less than one run in a hundred million fails by chance.
        var share = (double)second / (first + second);
        Assert.InRange(newer, (Invocations * share) - Deviation(share), (Invocations * share) + Deviation(share));

        static double Deviation(double share) => (6 * Math.Sqrt(Invocations * share * (1 - share))) + 1;
    }

    [Fact]
    public void Choose_Affinities_HaveTheSharesAndKeepTheirVersions()
    {
        const int Callers = 20_000;
        var (small, large) = (Of((7, 95), (8, 5)), Of((7, 50), (8, 50)));
        var callers = Enumerable.Range(0, Callers).Select(caller => $"user-{caller}").ToList();

        var canary = callers.Where(caller => small.Choose(caller) == 8).ToHashSet(StringComparer.Ordinal);

        Assert.InRange(canary.Count, Callers * 0.04, Callers * 0.06);
        Assert.All(callers, caller => Assert.Equal(small.Choose(caller), small.Choose(caller)));

        // Who has the new version keeps it while its share grows.
        Assert.All(canary, caller => Assert.Equal(8, large.Choose(caller)));
    }

    [Fact]
    public void Main_OfEqualWeights_IsTheNewest()
    {
        Assert.Equal(7, Of((7, 95), (8, 5)).Main);
        Assert.Equal(8, Of((7, 50), (8, 50)).Main);
    }

    private static Alias Of(params (int Version, int Weight)[] targets) => new("live", [.. targets.Select(target => new AliasTarget(target.Version, target.Weight))], 1, default);
}
