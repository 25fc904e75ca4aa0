using PluginHost.Wasm.Compiler;
using PluginHost.Wasm.Interpreter;
using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Wasm.Tests.Compiler;

/// <summary>
/// A function of Go's runtime, copied to the last byte out of a sample that Go's toolchain built, three times with the same memory: interpreted, replaced by the
/// intrinsic, and compiled as it is.
/// </summary>
internal sealed class IntrinsicGuest : IDisposable
{
    private const string Export = "f";

    private readonly WasmInstance[] _instances;
    private readonly ulong[] _result = new ulong[1];

    public IntrinsicGuest(string intrinsic, uint pages)
    {
        Module = WasmModule.Load(Extract(intrinsic, pages));
        Replaced = CompiledEngine.Instance.Prepare(Module);
        Compiled = Without(intrinsic, () => CompiledEngine.Instance.Prepare(Module));
        _instances = [.. new[] { InterpreterEngine.Instance.Prepare(Module), Replaced, Compiled }.Select(executable => executable.Instantiate(new Imports()))];
    }

    public WasmModule Module { get; }

    public ExecutableModule Replaced { get; }

    public ExecutableModule Compiled { get; }

    /// <summary>Does something with intrinsics switched off.</summary>
    public static T Without<T>(string names, Func<T> action)
    {
        AppContext.SetData(Intrinsics.DisabledSwitch, names);

        try
        {
            return action();
        }
        finally
        {
            AppContext.SetData(Intrinsics.DisabledSwitch, null);
        }
    }

    /// <summary>The functions of the module for which something holds.</summary>
    public static IEnumerable<uint> Functions(WasmModule module, Func<uint, bool> holds) =>
        Enumerable.Range(module.ImportedFunctionCount, module.FunctionBodies.Length).Select(index => (uint)index).Where(holds);

    /// <summary>The only function of the module that is the intrinsic.</summary>
    public static uint Find(WasmModule module, string intrinsic) => Functions(module, index => Intrinsics.Find(module, index, isGo: false)?.Name == intrinsic).Single();

    /// <summary>Writes the same bytes into all memories.</summary>
    public void Write(uint address, ReadOnlySpan<byte> bytes)
    {
        foreach (var instance in _instances)
            bytes.CopyTo(instance.Memory!.Span(address, (uint)bytes.Length));
    }

    public byte Read(uint address) => _instances[0].Memory!.Span(address, 1)[0];

    /// <summary>Calls all three, and holds that they give or trap alike.</summary>
    /// <returns>The result; null where they trapped.</returns>
    public ulong? Call(params ReadOnlySpan<ulong> arguments)
    {
        var interpreted = Outcome(_instances[0], arguments);
        var replaced = Outcome(_instances[1], arguments);
        var compiled = Outcome(_instances[2], arguments);

        if (replaced != interpreted || compiled != interpreted)
            Assert.Fail($"({string.Join(", ", arguments.ToArray().Select(argument => $"0x{argument:x}"))}): interpreted {interpreted}, the intrinsic {replaced}, compiled {compiled}");

        return interpreted.Trap is null ? interpreted.Result : null;
    }

    public void Dispose()
    {
        foreach (var instance in _instances)
            instance.Dispose();
    }

    private (ulong Result, TrapKind? Trap) Outcome(WasmInstance instance, ReadOnlySpan<ulong> arguments)
    {
        try
        {
            instance.Invoke((WasmFunction)instance.Export(Export), arguments, _result);
            return (_result[0], null);
        }
        catch (TrapException trap)
        {
            return (0, trap.Kind);
        }
    }

    private static byte[] Extract(string intrinsic, uint pages)
    {
        var sample = WasmModule.Load(Repository.Sample("text"));
        var function = Find(sample, intrinsic);
        var body = sample.FunctionBodies[(int)function - sample.ImportedFunctionCount];
        var type = sample.FunctionType(function);

        return new ModuleBytes()
            .Section(1, [1, 0x60, .. ModuleBytes.Sized([.. type.Parameters.Select(value => (byte)value)]), .. ModuleBytes.Sized([.. type.Results.Select(value => (byte)value)])])
            .Section(3, 1, 0)
            .Section(5, [1, 0, .. ModuleBytes.U32(pages)])
            .Section(7, [1, .. ModuleBytes.Name(Export), 0, 0])
            .Section(10, [1, .. ModuleBytes.Sized(sample.Bytes.AsSpan(body.Offset, body.Length).ToArray())])
            .ToArray();
    }
}
