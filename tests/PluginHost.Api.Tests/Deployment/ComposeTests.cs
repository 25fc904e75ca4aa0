using YamlDotNet.RepresentationModel;

namespace PluginHost.Api.Tests.Deployment;

/// <summary>docker-compose.yml, and what Prometheus and Grafana find when they start by it.</summary>
public sealed class ComposeTests
{
    private const string File = "docker-compose.yml";

    private static YamlMappingNode Services => (YamlMappingNode)DeployedFiles.Yaml(File).At("services");

    [Fact]
    public void Services_All_AreReachableFromThisMachineOnlyAndHaveNoRights()
    {
        foreach (var (name, service) in Services.Children)
        {
            Assert.All(service.At("ports").Texts(), port => Assert.StartsWith("127.0.0.1:", port, StringComparison.Ordinal));
            Assert.Equal(["ALL"], service.At("cap_drop").Texts());
            Assert.Contains("no-new-privileges:true", service.At("security_opt").Texts());
            Assert.True(service.Has("build") || service.At("image").Text().Contains(':', StringComparison.Ordinal), $"the image of {name} has no version");
        }

        Assert.Equal("true", Services.At("pluginhost", "read_only").Text());
    }

    [Fact]
    public void Volumes_All_AreThere()
    {
        var named = ((YamlMappingNode)DeployedFiles.Yaml(File).At("volumes")).Children.Keys.Select(key => key.Text()).ToList();

        foreach (var volume in Services.Children.Values.SelectMany(service => service.At("volumes").Texts()))
        {
            var source = volume.Split(':')[0];
            Assert.True(source.StartsWith("./", StringComparison.Ordinal) ? Path.Exists(DeployedFiles.PathOf(source[2..])) : named.Contains(source), volume);
        }
    }

    [Fact]
    public void Server_Settings_AreOnesThatItReads() =>
        Assert.All(((YamlMappingNode)Services.At("pluginhost", "environment")).Children.Keys, name => Assert.True(DeployedFiles.IsSetting(name.Text()), name.Text()));

    [Fact]
    public void Server_GraceOfItsEnd_IsLongerThanItTakes() =>
        Assert.True(int.Parse(Services.At("pluginhost", "stop_grace_period").Text().TrimEnd('s'), System.Globalization.CultureInfo.InvariantCulture) > (new PluginHost.Plugins.PluginHostLimits().DrainMilliseconds / 1000) + 20);

    [Fact]
    public void Prometheus_ScrapesTheServerWithItsKeyAndReadsTheRules()
    {
        var configuration = DeployedFiles.Yaml("deploy/prometheus/prometheus.yml");
        var job = ((YamlSequenceNode)configuration.At("scrape_configs")).Children.Single();
        var target = ((YamlSequenceNode)job.At("static_configs")).Children.Single().At("targets").Texts().Single().Split(':');
        var mounts = Services.At("prometheus", "volumes").Texts();

        Assert.True(Services.Has(target[0]), target[0]);
        Assert.Contains($"EXPOSE {target[1]}", DeployedFiles.Read("Dockerfile"), StringComparison.Ordinal);
        Assert.Equal($"/run/secrets/{Services.At("prometheus", "secrets").Texts().Single()}", job.At("authorization", "credentials_file").Text());
        Assert.True(DeployedFiles.Yaml(File).At("secrets").Has(Services.At("prometheus", "secrets").Texts().Single()));
        Assert.All(configuration.At("rule_files").Texts(), rules => Assert.Contains(mounts, mount => mount.Contains($":{rules}:", StringComparison.Ordinal)));
        Assert.Contains(mounts, mount => mount.Contains(":/etc/prometheus/prometheus.yml:", StringComparison.Ordinal));

        // The rules name the job.
        Assert.Contains($"job=\"{job.At("job_name").Text()}\"", DeployedFiles.Read("deploy/prometheus/pluginhost.rules.yml"), StringComparison.Ordinal);
    }

    [Fact]
    public void Grafana_FindsItsDashboardAndItsData()
    {
        var source = ((YamlSequenceNode)DeployedFiles.Yaml("deploy/grafana/provisioning/datasources/prometheus.yml").At("datasources")).Children.Single();
        var provider = ((YamlSequenceNode)DeployedFiles.Yaml("deploy/grafana/provisioning/dashboards/pluginhost.yml").At("providers")).Children.Single();
        var mounts = Services.At("grafana", "volumes").Texts();
        var address = new Uri(source.At("url").Text());

        Assert.True(Services.Has(address.Host), address.Host);
        Assert.Contains(Services.At(address.Host, "ports").Texts(), port => port.EndsWith($":{address.Port}", StringComparison.Ordinal));
        Assert.Equal("prometheus", source.At("type").Text());
        Assert.Contains(mounts, mount => mount.Contains($":{provider.At("options", "path").Text()}/pluginhost.json:", StringComparison.Ordinal));
        Assert.Contains(mounts, mount => mount.Contains($":{Services.At("grafana", "environment", "GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH").Text()}:", StringComparison.Ordinal));
        Assert.Contains(mounts, mount => mount.Contains(":/etc/grafana/provisioning:", StringComparison.Ordinal));
    }

    [ToolFact("promtool")]
    public async Task Prometheus_Configuration_IsOneForPrometheusItself()
    {
        using var folder = new TemporaryDirectory();
        var key = Path.Combine(folder.Path, "key");
        var copy = Path.Combine(folder.Path, "prometheus.yml");
        await System.IO.File.WriteAllTextAsync(key, "a key");
        await System.IO.File.WriteAllTextAsync(copy, DeployedFiles.Read("deploy/prometheus/prometheus.yml")
            .Replace("/etc/prometheus/pluginhost.rules.yml", DeployedFiles.PathOf("deploy/prometheus/pluginhost.rules.yml"), StringComparison.Ordinal)
            .Replace("/run/secrets/metrics_key", key, StringComparison.Ordinal));

        var (code, output) = await DeployedFiles.RunAsync("promtool", "check", "config", copy);

        Assert.True(code == 0, output);
        Assert.Contains("rules found", output, StringComparison.Ordinal);
    }
}
