using System.Buffers.Binary;
using System.Text;
using PluginHost.Wasi.Descriptors;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Wasi.Tests.Support;

/// <summary>
/// A guest played by the test: it calls the functions of WASI through a real instance, with pointers into that instance's memory, and looks at the bytes
/// there.
/// </summary>
internal sealed class Guest : IDisposable
{
    /// <summary>Where results go.</summary>
    public const uint Result = 64;

    /// <summary>Where a list of two buffers goes; the buffers themselves are at <see cref="Buffer"/>.</summary>
    public const uint List = 256;

    /// <summary>Where paths go.</summary>
    public const uint FirstPath = 1024;

    public const uint SecondPath = 16 * 1024;

    /// <summary>Where data goes, with room for 64 KiB.</summary>
    public const uint Buffer = 32 * 1024;

    /// <summary>The first address behind the memory.</summary>
    public const uint End = ImportingModule.Pages * 65_536;

    /// <summary>The number of the first granted directory.</summary>
    public const uint Root = 3;

    /// <param name="engine">The name of the one that runs it.</param>
    public Guest(string engine, WasiOptions? options = null)
    {
        var imports = new Imports();
        WasiImports.AddTo(imports);
        Context = new WasiContext(options);
        Instance = PreparedModules.Get(engine, nameof(ImportingModule), () => ImportingModule.Module).Instantiate(imports, new InstanceOptions { States = [Context] });
    }

    /// <summary>A guest with one directory.</summary>
    /// <param name="kernelResolves">Which of the two ways of resolving paths is used.</param>
    public Guest(string engine, GrantedDirectory directory, bool kernelResolves = true, bool isReadOnly = false, int maximumDescriptors = 256)
        : this(engine, new WasiOptions { MaximumDescriptors = maximumDescriptors })
    {
        Context.Descriptors.Add(DirectoryDescriptor.Open(new Preopen(directory.Granted, "/data", isReadOnly), kernelResolves && PathResolution.KernelResolves), out _);
    }

    public WasiContext Context { get; }

    public WasmInstance Instance { get; }

    public LinearMemory Memory => Instance.Memory!;

    /// <summary>Calls a function that returns; if it does not, the test fails and does not hang.</summary>
    public Errno Call(string name, params ulong[] arguments) => Call(name, new ExecutionBudget(TimeSpan.FromMinutes(1)), arguments);

    public Errno Call(string name, ExecutionBudget budget, params ulong[] arguments)
    {
        Assert.True(Instance.TryGetFunction(name, out var function));
        var results = new ulong[1];
        Instance.Invoke(function, arguments, results, budget);

        // Go declares the result as 32 bits of which only the lower half may be set.
        Assert.True(results[0] <= ushort.MaxValue);
        return (Errno)results[0];
    }

    public void Put(uint address, ReadOnlySpan<byte> bytes) => bytes.CopyTo(Memory.Span(address, (uint)bytes.Length));

    public byte[] Bytes(uint address, uint length) => Memory.Span(address, length).ToArray();

    public uint UInt32(uint address) => BinaryPrimitives.ReadUInt32LittleEndian(Memory.Span(address, 4));

    public ulong UInt64(uint address) => BinaryPrimitives.ReadUInt64LittleEndian(Memory.Span(address, 8));

    /// <summary>Writes words of 32 bits one behind the other.</summary>
    public void PutWords(uint address, params uint[] words)
    {
        foreach (var word in words)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(Memory.Span(address, 4), word);
            address += 4;
        }
    }

    /// <summary>Calls a function of (fd, path, path_len).</summary>
    public Errno OnPath(string name, string path, uint directory = Root)
    {
        var length = PutPath(FirstPath, path);
        return Call(name, directory, FirstPath, length);
    }

    public Errno Open(string path, out uint opened, OpenFlags how = OpenFlags.None, Rights rights = Rights.All, DescriptorFlags flags = DescriptorFlags.None, bool follow = true, uint directory = Root)
    {
        var length = PutPath(FirstPath, path);
        PutWords(Result, uint.MaxValue);
        var errno = Call("path_open", directory, follow ? 1u : 0, FirstPath, length, (ulong)how, (ulong)rights, (ulong)Rights.All, (ulong)flags, Result);
        opened = UInt32(Result);
        return errno;
    }

    public Errno Rename(string from, string to, uint target = Root)
    {
        var (length, newLength) = (PutPath(FirstPath, from), PutPath(SecondPath, to));
        return Call("path_rename", Root, FirstPath, length, target, SecondPath, newLength);
    }

    public Errno Link(string from, string to, bool follow = false)
    {
        var (length, newLength) = (PutPath(FirstPath, from), PutPath(SecondPath, to));
        return Call("path_link", Root, follow ? 1u : 0, FirstPath, length, Root, SecondPath, newLength);
    }

    public Errno SymbolicLink(string target, string path)
    {
        var (length, newLength) = (PutPath(FirstPath, target), PutPath(SecondPath, path));
        return Call("path_symlink", FirstPath, length, Root, SecondPath, newLength);
    }

    public Errno ReadLink(string path, out string target, uint room = 1000)
    {
        var length = PutPath(FirstPath, path);
        var errno = Call("path_readlink", Root, FirstPath, length, Buffer, room, Result);
        target = errno == Errno.Success ? Encoding.UTF8.GetString(Bytes(Buffer, UInt32(Result))) : "";
        return errno;
    }

    /// <summary>Gets the attributes of a path into <see cref="Buffer"/>.</summary>
    public Errno Status(string path, bool follow = true)
    {
        var length = PutPath(FirstPath, path);
        return Call("path_filestat_get", Root, follow ? 1u : 0, FirstPath, length, Buffer);
    }

    public Errno Write(uint descriptor, string text, out uint written)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Put(Buffer, bytes);
        PutWords(List, Buffer, (uint)bytes.Length);
        var errno = Call("fd_write", descriptor, List, 1, Result);
        written = UInt32(Result);
        return errno;
    }

    public Errno Read(uint descriptor, uint length, out string text)
    {
        PutWords(List, Buffer, length);
        var errno = Call("fd_read", descriptor, List, 1, Result);
        text = errno == Errno.Success ? Encoding.UTF8.GetString(Bytes(Buffer, UInt32(Result))) : "";
        return errno;
    }

    public void Dispose()
    {
        Instance.Dispose();
        Context.Dispose();
    }

    public uint PutPath(uint address, string path)
    {
        // One byte for each of these characters: a path can be any bytes.
        var bytes = Encoding.Latin1.GetBytes(path);
        Put(address, bytes);
        return (uint)bytes.Length;
    }
}
