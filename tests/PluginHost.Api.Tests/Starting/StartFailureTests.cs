using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using PluginHost.Plugins;

namespace PluginHost.Api.Tests.Starting;

/// <summary>What keeps the server from starting: one line that says so, and an exit code for each kind of reason.</summary>
public sealed class StartFailureTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();
    private string? _mount;

    private string Catalog => Path.Combine(_folder.Path, "catalog.db");

    public static TheoryData<string[], StartFailure, string> WrongSettings => new()
    {
        { ["--PluginHost:Anonymous", "everything"], StartFailure.Configuration, "PluginHost:Anonymous" },
        { ["--PluginHost:LogFormat", "xml"], StartFailure.Configuration, "PluginHost:LogFormat" },
        { ["--PluginHost:Limits:MaximumPlugins", "many"], StartFailure.Configuration, "PluginHost:Limits:MaximumPlugins" },
        { ["--PluginHost:Limits:MaximumPlugins", "-1"], StartFailure.Configuration, "PluginHost:Limits:MaximumPlugins" },
        { ["--PluginHost:Limits:OperationHours", "0"], StartFailure.Configuration, "PluginHost:Limits:OperationHours" },
        { ["--PluginHost:Signatures:Keys:0", "no key"], StartFailure.Configuration, "PluginHost:Signatures:Keys" },
        { ["--urls", "nonsense"], StartFailure.Configuration, "nonsense" },
        { ["--urls", "http://127.0.0.1:99999"], StartFailure.Configuration, "port" },
        { ["--PluginHost:DataDirectory", "/proc/pluginhost"], StartFailure.DataDirectory, "/proc/pluginhost" },
        { ["--urls", "http://192.0.2.1:5080", "--PluginHost:ApiKey", "a key of some length"], StartFailure.Address, "address" },
        { ["--Kestrel:Endpoints:Https:Url", "https://127.0.0.1:0", "--Kestrel:Endpoints:Https:Certificate:Path", "/nowhere/server.pem"], StartFailure.Certificate, "/nowhere" },
        { ["--Kestrel:Endpoints:Https:Url", "https://127.0.0.1:0"], StartFailure.Certificate, "certificate" },
    };

    public void Dispose()
    {
        if (_mount is not null)
            Run("umount", "--lazy", _mount);

        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(WrongSettings))]
    public async Task Start_WrongSettings_IsOneLineAndItsExitCode(string[] arguments, StartFailure failure, string reason) => await FailsAsync(failure, reason, arguments);

    [Fact]
    public async Task Start_SettingsAreNoJson_IsSaid()
    {
        var content = Directory.CreateDirectory(Path.Combine(_folder.Path, "content")).FullName;
        await File.WriteAllTextAsync(Path.Combine(content, "appsettings.json"), "{");

        await FailsAsync(StartFailure.Configuration, "appsettings.json", "--contentRoot", content);
    }

    [Fact]
    public async Task Start_CertificateIsNone_IsSaid()
    {
        var certificate = Path.Combine(_folder.Path, "server.pem");
        await File.WriteAllTextAsync(certificate, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");

        await FailsAsync(StartFailure.Certificate, "ertificate", "--Kestrel:Endpoints:Https:Url", "https://127.0.0.1:0", "--Kestrel:Endpoints:Https:Certificate:Path", certificate);
    }

    [Fact]
    public async Task Start_PortIsTaken_IsSaid()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();

        await FailsAsync(StartFailure.Address, "address already in use", "--urls", string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}"));
    }

    [Theory]
    [InlineData("this is no database, and so long that nobody takes it for an empty one")]
    [InlineData("SQLite format 3\0 and then nothing of what must follow in the header of hundred bytes, which is damaged")]
    public async Task Start_CatalogIsDamaged_IsSaidAndItIsLeftAsItIs(string content)
    {
        await File.WriteAllTextAsync(Catalog, content);

        await FailsAsync(StartFailure.CatalogDamaged, "backup");

        Assert.Equal(content, await File.ReadAllTextAsync(Catalog));
    }

    [Fact]
    public async Task Start_CatalogOfANewerServer_IsSaidAndItIsLeftAsItIs()
    {
        Execute("pragma user_version = 999");

        await FailsAsync(StartFailure.CatalogNewer, "999");

        Assert.Equal(999L, Execute("pragma user_version"));
    }

    [Fact]
    public async Task Start_CatalogIsGoneAndModulesAreThere_IsSaidAndTheyAreLeft()
    {
        var module = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder.Path, "modules", "sha256", "ab")).FullName, "module.wasm");
        await File.WriteAllBytesAsync(module, ModuleBuilder.Add);

        await FailsAsync(StartFailure.CatalogDamaged, "modules");

        Assert.True(File.Exists(module));
    }

    [Fact]
    public async Task Start_CatalogIsHeldByAnother_IsSaid()
    {
        using var connection = Connect();
        using var begin = connection.CreateCommand();
        begin.CommandText = "create table held (value integer); begin exclusive";
        begin.ExecuteNonQuery();

        await FailsAsync(StartFailure.InUse, "Another process holds it");
    }

    [Fact]
    public async Task Start_AnotherServerHasTheDirectory_IsSaid()
    {
        using var held = new FileStream(Path.Combine(_folder.Path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

        await FailsAsync(StartFailure.InUse, "another server uses it");
    }

    [RootFact]
    public async Task Start_DirectoryIsReadOnly_IsSaid()
    {
        Mount("ro");

        await FailsAsync(StartFailure.DataDirectory, "Read-only file system");
    }

    [RootFact]
    public async Task Start_DiskIsFull_IsSaid()
    {
        Mount("size=64k");
        var fill = new byte[48 * 1024];
        await File.WriteAllBytesAsync(Path.Combine(_folder.Path, "fill"), fill);

        await FailsAsync(StartFailure.StorageFull, "disk");
    }

    [Fact]
    public async Task Start_FailsAndLogsAreJson_TheReasonIsJsonToo()
    {
        using var server = ServerProcess.Start(["--PluginHost:DataDirectory", _folder.Path, "--urls", "http://127.0.0.1:0", "--PluginHost:LogFormat", "json", "--PluginHost:Limits:MaximumPlugins", "-1"]);

        var (code, _, errors) = await server.ExitAsync();
        using var line = System.Text.Json.JsonDocument.Parse(Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)));

        Assert.Equal((int)StartFailure.Configuration, code);
        Assert.Equal("Configuration", line.RootElement.GetProperty("Properties").GetProperty("StartFailure").GetString());
        Assert.Contains("MaximumPlugins", line.RootElement.GetProperty("RenderedMessage").GetString(), StringComparison.Ordinal);
    }

    private async Task FailsAsync(StartFailure failure, string reason, params string[] arguments)
    {
        using var server = ServerProcess.Start(["--PluginHost:DataDirectory", _folder.Path, .. arguments.Contains("--urls") ? [] : (string[])["--urls", "http://127.0.0.1:0"], .. arguments]);

        var (code, output, errors) = await server.ExitAsync();

        Assert.True((int)failure == code, $"{code}: {errors}{output}");
        Assert.Contains(reason, Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    private void Mount(string options)
    {
        Run("mount", "-t", "tmpfs", "-o", options, "tmpfs", _folder.Path);
        _mount = _folder.Path;
    }

    private static void Run(string command, params string[] arguments)
    {
        using var process = Process.Start(command, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection($"Data Source={Catalog};Pooling=False");
        connection.Open();
        return connection;
    }

    private object? Execute(string statement)
    {
        using var connection = Connect();
        using var command = connection.CreateCommand();
        command.CommandText = statement;
        return command.ExecuteScalar();
    }
}
