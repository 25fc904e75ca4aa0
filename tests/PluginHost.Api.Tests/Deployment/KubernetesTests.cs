using System.Globalization;
using k8s;
using k8s.Models;
using PluginHost.Plugins;

namespace PluginHost.Api.Tests.Deployment;

/// <summary>The manifests for Kubernetes, read into its own types, which know no field that is misspelt.</summary>
public sealed class KubernetesTests
{
    private static V1StatefulSet StatefulSet => Read<V1StatefulSet>("statefulset");

    private static V1PodSpec Pod => StatefulSet.Spec.Template.Spec;

    private static V1Container Container => Assert.Single(Pod.Containers);

    [Fact]
    public void Kustomization_Names_EveryFile()
    {
        var named = DeployedFiles.Yaml("deploy/kubernetes/kustomization.yaml").At("resources").Texts();
        var files = Directory.GetFiles(DeployedFiles.PathOf("deploy/kubernetes"), "*.yaml").Select(Path.GetFileName).Where(file => file != "kustomization.yaml");

        Assert.Equal(files.Order(StringComparer.Ordinal), named.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Pod_IsNoRootAndHasNoRights()
    {
        Assert.True(Pod.SecurityContext.RunAsNonRoot);
        Assert.Equal("RuntimeDefault", Pod.SecurityContext.SeccompProfile.Type);
        Assert.False(Container.SecurityContext.AllowPrivilegeEscalation);
        Assert.True(Container.SecurityContext.ReadOnlyRootFilesystem);
        Assert.Equal(["ALL"], Container.SecurityContext.Capabilities.Drop);
        Assert.False(Pod.AutomountServiceAccountToken);
        Assert.Contains($"USER {Pod.SecurityContext.RunAsUser}:{Pod.SecurityContext.RunAsGroup}", DeployedFiles.Read("Dockerfile"), StringComparison.Ordinal);
        Assert.Equal(Pod.SecurityContext.RunAsGroup, Pod.SecurityContext.FsGroup);
    }

    [Fact]
    public void Pod_Probes_AskWhatTheServerAnswers()
    {
        var port = Assert.Single(Container.Ports);

        Assert.Equal("/readyz", Container.StartupProbe.HttpGet.Path);
        Assert.Equal("/readyz", Container.ReadinessProbe.HttpGet.Path);
        Assert.Equal("/livez", Container.LivenessProbe.HttpGet.Path);
        Assert.All((V1Probe[])[Container.StartupProbe, Container.ReadinessProbe, Container.LivenessProbe], probe => Assert.Equal(port.Name, probe.HttpGet.Port.Value));
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"EXPOSE {port.ContainerPort}"), DeployedFiles.Read("Dockerfile"), StringComparison.Ordinal);
    }

    [Fact]
    public void Pod_Settings_AreOnesThatTheServerReads() => Assert.All(Container.Env, variable => Assert.True(DeployedFiles.IsSetting(variable.Name), variable.Name));

    [Fact]
    public void Pod_Memory_HoldsAllInstancesThatThereMayBe()
    {
        long Setting(string name) => long.Parse(Container.Env.Single(variable => variable.Name == name).Value, CultureInfo.InvariantCulture);
        var instances = Setting("PluginHost__Limits__MemoryBytes") * Setting("PluginHost__Limits__MaximumTotalInstances");
        var limit = Container.Resources.Limits["memory"].ToInt64();

        Assert.True(instances + Container.Resources.Requests["memory"].ToInt64() <= limit, $"{instances} of {limit}");
    }

    [Fact]
    public void Pod_End_LeavesTimeToDrain() => Assert.True(Pod.TerminationGracePeriodSeconds > (new PluginHostLimits().DrainMilliseconds / 1000) + 20);

    [Fact]
    public void Pod_DataDirectory_IsItsOwnVolumeAndThereIsOneServer()
    {
        var claim = Assert.Single(StatefulSet.Spec.VolumeClaimTemplates);
        var mount = Container.VolumeMounts.Single(mount => mount.Name == claim.Metadata.Name);

        Assert.Contains($"PluginHost__DataDirectory={mount.MountPath}", DeployedFiles.Read("Dockerfile"), StringComparison.Ordinal);
        Assert.Equal(1, StatefulSet.Spec.Replicas);
        Assert.All(Container.VolumeMounts, volume => Assert.True(volume.Name == claim.Metadata.Name || Pod.Volumes.Any(there => there.Name == volume.Name), volume.Name));
    }

    [Fact]
    public void Selectors_All_FindThePod()
    {
        var labels = StatefulSet.Spec.Template.Metadata.Labels;
        var service = Read<V1Service>("service");
        var monitor = DeployedFiles.Yaml("deploy/kubernetes/servicemonitor.yaml");

        Assert.Equal(labels, StatefulSet.Spec.Selector.MatchLabels);
        Assert.Equal(labels, service.Spec.Selector);
        Assert.Equal(labels, Read<V1PodDisruptionBudget>("poddisruptionbudget").Spec.Selector.MatchLabels);
        Assert.Equal(labels, Read<V1NetworkPolicy>("networkpolicy").Spec.PodSelector.MatchLabels);
        Assert.Equal(StatefulSet.Spec.ServiceName, service.Metadata.Name);
        Assert.Equal(Container.Ports[0].Name, Assert.Single(service.Spec.Ports).TargetPort.Value);
        Assert.All(labels, label => Assert.Equal(label.Value, monitor.At("spec", "selector", "matchLabels", label.Key).Text()));
        Assert.Equal(service.Spec.Ports[0].Name, ((YamlDotNet.RepresentationModel.YamlSequenceNode)monitor.At("spec", "endpoints")).Children.Single().At("port").Text());
        Assert.Equal(labels, service.Metadata.Labels);
    }

    [Fact]
    public void Network_OutOfThePod_IsNamesAndTheInternetOnly()
    {
        var policy = Read<V1NetworkPolicy>("networkpolicy").Spec;
        var outside = policy.Egress.SelectMany(rule => rule.To).Where(peer => peer.IpBlock is not null).Select(peer => peer.IpBlock).ToList();

        Assert.Equal(["Egress", "Ingress"], policy.PolicyTypes.Order(StringComparer.Ordinal));
        Assert.All((string[])["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16"], range => Assert.Contains(range, Assert.Single(outside).Except));
        Assert.All(policy.Ingress, rule => Assert.Equal(Container.Ports[0].Name, Assert.Single(rule.Ports).Port.Value));
    }

    [ToolFact("kubectl")]
    public async Task Kustomization_IsOneForKubectlItself()
    {
        var (code, output) = await DeployedFiles.RunAsync("kubectl", "kustomize", DeployedFiles.PathOf("deploy/kubernetes"));

        Assert.True(code == 0, output);
        Assert.Equal(5, output.Split("\nkind: ").Length - 1);
    }

    private static T Read<T>(string name) => KubernetesYaml.Deserialize<T>(DeployedFiles.Read($"deploy/kubernetes/{name}.yaml"), strict: true);
}
