using System.Text;
using System.Text.Json;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Wasi.Tests.Support;

/// <summary>Calls handlers as the contract of <c>plugins/sdk/README.md</c> has it, with nothing between the test and the guest.</summary>
internal sealed class SdkGuest(Reactor reactor) : IDisposable
{
    private const ulong ErrorFlag = 1UL << 31;

    public SdkGuest(string engine, string name)
        : this(new Reactor(engine, name))
    {
    }

    public LinearMemory Memory => reactor.Instance.Memory!;

    public IEnumerable<string> Output => reactor.Output;

    /// <summary>The list that the guest gives of its handlers.</summary>
    public string Handlers() => Encoding.UTF8.GetString(Read(reactor.Call("pluginhost_handlers", [])[0]).Bytes);

    /// <summary>The address of a buffer; 0 where the guest refuses.</summary>
    public uint Buffer(uint size) => (uint)reactor.Call("pluginhost_buffer", [size])[0];

    /// <summary>Puts bytes in the guest's buffer.</summary>
    public (uint Address, uint Length) Write(ReadOnlySpan<byte> bytes)
    {
        var address = Buffer((uint)bytes.Length);
        Assert.NotEqual(0u, address);
        bytes.CopyTo(Memory.Span(address, (uint)bytes.Length));
        return (address, (uint)bytes.Length);
    }

    /// <summary>Runs a handler on bytes.</summary>
    public (byte[] Bytes, bool Failed) Handle(string handler, ReadOnlySpan<byte> input)
    {
        var index = Index(handler);
        var (address, length) = Write(input);
        return Read(reactor.Call("pluginhost_handle", [index, address, length])[0]);
    }

    /// <summary>Runs a handler on a text that gives one.</summary>
    public (string Text, bool Failed) Handle(string handler, string input)
    {
        var (bytes, failed) = Handle(handler, Encoding.UTF8.GetBytes(input));
        return (Encoding.UTF8.GetString(bytes), failed);
    }

    /// <summary>Calls an export that takes a text and gives one.</summary>
    public (string Text, bool Failed) Call(string export, string text)
    {
        var (address, length) = Write(Encoding.UTF8.GetBytes(text));
        var (bytes, failed) = Read(reactor.Call(export, [address, length])[0]);
        return (Encoding.UTF8.GetString(bytes), failed);
    }

    public ulong Index(string handler)
    {
        using var handlers = JsonDocument.Parse(Handlers());
        return (ulong)handlers.RootElement.EnumerateArray().Select(entry => entry.GetProperty("name").GetString()).ToList().IndexOf(handler);
    }

    public void Dispose() => reactor.Dispose();

    private (byte[] Bytes, bool Failed) Read(ulong packed) =>
        (Memory.Span((uint)(packed >> 32), (uint)(packed & (ErrorFlag - 1))).ToArray(), (packed & ErrorFlag) != 0);
}
