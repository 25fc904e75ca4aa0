using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using PluginHost.Api.Tests.Support;

namespace PluginHost.Api.Tests;

/// <summary>What is scraped, and that the rules and the dashboard in <c>deploy</c> ask for nothing else.</summary>
public sealed partial class MetricsTests(MetricsTests.UsedServer server) : IClassFixture<MetricsTests.UsedServer>
{
    [Theory]
    [InlineData("""pluginhost_invocations_total{outcome="success",plugin="calc"}""", 3)]
    [InlineData("""pluginhost_invocations_total{outcome="trap",plugin="faults"}""", 2)]
    [InlineData("""pluginhost_traps_total{kind="unreachable",plugin="faults"}""", 2)]
    [InlineData("""pluginhost_instances_discarded_total{plugin="faults"}""", 2)]
    [InlineData("""pluginhost_invocation_duration_seconds_count{plugin="calc"}""", 3)]
    [InlineData("""pluginhost_queue_duration_seconds_count{plugin="calc"}""", 3)]
    [InlineData("""pluginhost_uploads_total{outcome="success"}""", 2)]
    [InlineData("""pluginhost_uploads_total{outcome="invalid-module"}""", 1)]
    [InlineData("""pluginhost_instances{plugin="calc",state="idle"}""", 1)]
    [InlineData("""pluginhost_instances{plugin="calc",state="busy"}""", 0)]
    [InlineData("""pluginhost_queue_length{plugin="calc"}""", 0)]
    [InlineData("pluginhost_plugins", 2)]
    public async Task Metrics_AfterUse_CountIt(string series, double expected)
    {
        var metrics = await server.ScrapeAsync();

        Assert.Equal(expected, Assert.Contains(series, metrics));
    }

    [Theory]
    [InlineData("""pluginhost_memory_bytes{plugin="calc"}""")]
    [InlineData("""pluginhost_functions{plugin="calc",tier="interpreted"}""")]
    [InlineData("""pluginhost_code_bytes{plugin="calc",tier="interpreted"}""")]
    public async Task Metrics_OfWhatIsHeld_AreNotZero(string series)
    {
        var metrics = await server.ScrapeAsync();

        Assert.True(Assert.Contains(series, metrics) > 0);
    }

    [Theory]
    [InlineData("prometheus/pluginhost.rules.yml")]
    [InlineData("grafana/pluginhost.json")]
    public async Task Deployed_Queries_NameMetricsThatExist(string file)
    {
        var names = (await server.ScrapeAsync()).Keys.Select(series => series.Split('{')[0]).ToHashSet(StringComparer.Ordinal);
        var asked = MetricNames().Matches(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "deploy", file))).Select(match => match.Value).ToHashSet(StringComparer.Ordinal);

        Assert.True(asked.Count >= 4, $"only {string.Join(", ", asked)}");
        Assert.Empty(asked.Except(names));
    }

    [Fact]
    public async Task Metrics_WhereAKeyIsAsked_WantIt()
    {
        using var api = ApiFixture.With(("PluginHost:ApiKey", "0123456789abcdef0123456789abcdef"));

        using var answer = await api.Client.GetAsync(new Uri("/metrics", UriKind.Relative));

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [GeneratedRegex("(pluginhost|http_server)_[a-z_]+", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex MetricNames();

    [GeneratedRegex("otel_scope_name=\"[^\"]*\",?", RegexOptions.None, 1_000)]
    private static partial Regex Scope();

    /// <summary>A server that has had some use: a process of its own, as instruments of other servers in this one would be counted too.</summary>
    public sealed class UsedServer : IDisposable, IAsyncLifetime
    {
        private readonly string _data = Directory.CreateTempSubdirectory("pluginhost-metrics-").FullName;
        private readonly HttpClient _client = new() { BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{LoopbackPort.Free()}")) };
        private readonly ServerProcess _server;

        public UsedServer() => _server = ServerProcess.Start(["--urls", _client.BaseAddress!.ToString(), "--PluginHost:DataDirectory", _data]);

        public async Task InitializeAsync()
        {
            await _server.WaitUntilReadyAsync(_client);
            await UploadAsync("calc", Repository.Sample("calc"), HttpStatusCode.Created);
            await UploadAsync("faults", Repository.Sample("faults"), HttpStatusCode.Created);
            await UploadAsync("broken", [0, 1, 2], HttpStatusCode.UnprocessableEntity);

            (string, string, string)[] calls = [("calc", "add", "[1,2]"), ("calc", "add", "[3,4]"), ("calc", "add", "[5,6]"), ("faults", "panicText", "[]"), ("faults", "panicText", "[]")];

            foreach (var (plugin, export, arguments) in calls)
            {
                using var content = new StringContent($"{{\"args\":{arguments}}}", Encoding.UTF8, "application/json");
                (await _client.PostAsync(new Uri($"/v1/plugins/{plugin}/exports/{export}/invoke", UriKind.Relative), content)).Dispose();
            }
        }

        /// <summary>Values by series, without the label that names the meter.</summary>
        public async Task<IReadOnlyDictionary<string, double>> ScrapeAsync()
        {
            var text = await _client.GetStringAsync(new Uri("/metrics", UriKind.Relative));
            var values = new Dictionary<string, double>(StringComparer.Ordinal);

            foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#'))
            {
                var end = line.LastIndexOf(' ');
                values[Scope().Replace(line[..end], "").Replace("{}", "", StringComparison.Ordinal)] = double.Parse(line[(end + 1)..], CultureInfo.InvariantCulture);
            }

            return values;
        }

        public Task DisposeAsync() => Task.CompletedTask;

        public void Dispose()
        {
            _server.Dispose();
            _client.Dispose();
            Directory.Delete(_data, recursive: true);
        }

        private async Task UploadAsync(string plugin, byte[] module, HttpStatusCode expected)
        {
            using var content = new ByteArrayContent(module);
            content.Headers.ContentType = new("application/wasm");
            using var answer = await _client.PostAsync(new Uri($"/v1/plugins/{plugin}/versions", UriKind.Relative), content);
            Assert.Equal(expected, answer.StatusCode);
        }
    }
}
