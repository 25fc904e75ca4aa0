using PluginHost.Wasi.Descriptors;
using PluginHost.Wasi.Tests.Support;
using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Wasi.Tests.Functions;

/// <summary>A real Go reactor that works on a granted directory by Go's own packages; its source is in Guests/files.</summary>
public sealed class GoFilesTests : IDisposable
{
    private readonly GrantedDirectory _directory = new();
    private readonly Lines _lines = new();

    [Theory]
    [EngineData]
    public void List_OfTheWorkingDirectory_HasItsEntries(string engine)
    {
        File.WriteAllText(_directory["one.txt"], "1");
        Directory.CreateDirectory(_directory["two"]);

        var count = Call(engine, "list", []);

        Assert.Equal(2, count);
        Assert.Equal(["stdout one.txt false", "stdout two true"], _lines.Read);
    }

    [Theory]
    [EngineData(0)]
    [EngineData(1_000_000)]
    public void Write_OfAFile_CanBeReadAgain(string engine, int size)
    {
        var result = Call(engine, "write", [(ulong)size]);

        Assert.Equal(1, result);
        Assert.Equal(size == 0 ? "end\0\0" : "01234", File.ReadAllText(_directory["written.txt"]));
    }

    [Theory]
    [EngineData(true)]
    [EngineData(false)]
    public void Change_OfEveryKind_DoesWhatGoExpects(string engine, bool kernelResolves)
    {
        var result = Call(engine, "change", [], kernelResolves: kernelResolves);

        Assert.Empty(_lines.Read);
        Assert.Equal(1, result);
        Assert.Empty(Directory.GetFileSystemEntries(_directory.Granted));
    }

    [Theory]
    [EngineData]
    public void List_OfMoreEntriesThanABlockHolds_HasAllAndTheyCanBeRemoved(string engine)
    {
        var count = Call(engine, "many", [1500]);

        Assert.Equal(1500, count);
        Assert.Empty(Directory.GetFileSystemEntries(_directory.Granted));
    }

    [Theory]
    [EngineData(true)]
    [EngineData(false)]
    public void Escape_ByEveryWay_Fails(string engine, bool kernelResolves)
    {
        File.WriteAllText(_directory["file.txt"], "inside");
        Directory.CreateDirectory(_directory["sub"]);
        File.CreateSymbolicLink(_directory["link-up"], "../secret.txt");
        File.CreateSymbolicLink(_directory["link-absolute"], _directory.Secret);
        File.CreateSymbolicLink(_directory["link-directory"], "..");
        File.CreateSymbolicLink(_directory["sub/link-up"], "../../secret.txt");

        var escaped = Call(engine, "escape", [], kernelResolves: kernelResolves);

        Assert.Equal(0, escaped);
        Assert.Contains("stdout open link-up: Operation not permitted", _lines.Read);
        Assert.Equal("secret", File.ReadAllText(_directory.Secret));
    }

    [Theory]
    [EngineData]
    public void Write_InADirectoryGrantedForReading_IsAReadOnlyFileSystem(string engine)
    {
        var result = Call(engine, "write", [10], isReadOnly: true);

        Assert.Equal(0, result);
        Assert.Equal(["stdout open written.txt: Read-only file system"], _lines.Read);
    }

    [Theory]
    [EngineData]
    public void List_InADirectoryGrantedForReading_Works(string engine)
    {
        File.WriteAllText(_directory["one.txt"], "1");

        var count = Call(engine, "list", [], isReadOnly: true);

        Assert.Equal(1, count);
    }

    public void Dispose() => _directory.Dispose();

    private int Call(string engine, string export, ulong[] arguments, bool isReadOnly = false, bool kernelResolves = true)
    {
        var imports = new Imports();
        WasiImports.AddTo(imports);
        using var context = new WasiContext(new WasiOptions { Output = _lines });
        context.Descriptors.Add(DirectoryDescriptor.Open(new Preopen(_directory.Granted, "/data", isReadOnly), kernelResolves && PathResolution.KernelResolves), out _);
        using var instance = PreparedModules.Get(engine, "files", () => WasmModule.Load(Repository.Guest("files"))).Instantiate(imports, new InstanceOptions { States = [context] });
        Assert.True(instance.TryGetFunction("_initialize", out var initialize));
        Assert.True(instance.TryGetFunction(export, out var function));
        var results = new ulong[1];

        instance.Invoke(initialize, [], results);
        instance.Invoke(function, arguments, results);
        context.CompleteOutput();

        return (int)results[0];
    }
}
