using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Wasm.Tests.Runtime;

/// <summary>Instructions on whole ranges take as long as thousands of others, and so look at the interrupt themselves.</summary>
public sealed class BulkOperationTests
{
    public static TheoryData<string, byte[]> Instructions() => new()
    {
        { "memory.fill", [0x41, 0, 0x41, 0, 0x41, 0xC0, 0x84, 0x3D, 0xFC, 11, 0] },
        { "memory.copy", [0x41, 1, 0x41, 0, 0x41, 0xC0, 0x84, 0x3D, 0xFC, 10, 0, 0] },
        { "memory.init", [0x41, 0, 0x41, 0, 0x41, 1, 0xFC, 8, 0, 0] },
        { "table.fill", [0x41, 0, 0xD0, 0x70, 0x41, 0xC0, 0x84, 0x3D, 0xFC, 17, 0] },
        { "table.copy", [0x41, 1, 0x41, 0, 0x41, 0xC0, 0x84, 0x3D, 0xFC, 14, 0, 0] },
        { "table.init", [0x41, 0, 0x41, 0, 0x41, 1, 0xFC, 12, 0, 0] },
        { "table.grow", [0xD0, 0x70, 0x41, 0, 0xFC, 15, 0, 0x1A] },
    };

    [Theory]
    [EngineMemberData(nameof(Instructions))]
    public void Instruction_AfterAnInterrupt_EndsTheCall(string engine, string name, byte[] code)
    {
        Assert.NotNull(name);

        // (func (call $interrupt) code (global.set 0 (i32.const 1))), which must not be reached.
        byte[] body = [0, 0x10, 0, .. code, 0x41, 1, 0x24, 0, 0x0B];
        var module = new ModuleBytes()
            .Section(1, [1, 0x60, 0, 0])
            .Section(2, [1, .. ModuleBytes.Name("host"), .. ModuleBytes.Name("interrupt"), 0, 0])
            .Section(3, [1, 0])
            .Section(4, [1, 0x70, 0, 0xC1, 0x84, 0x3D])
            .Section(5, [1, 0, 32])
            .Section(6, [1, 0x7F, 1, .. ModuleBytes.Offset(0)])
            .Section(7, [2, .. ModuleBytes.Name("run"), 0, 1, .. ModuleBytes.Name("reached"), 3, 0])
            .Section(9, [1, 5, 0x70, 1, 0xD0, 0x70, 0x0B])
            .Section(12, 1)
            .Section(10, [1, .. ModuleBytes.Sized(body)])
            .Section(11, [1, 1, .. ModuleBytes.Sized([7])])
            .ToArray();
        var imports = new Imports();
        imports.Add("host", "interrupt", new HostFunction(FunctionType.Empty, (ref HostCall call) => call.Instance.Interrupt(TrapKind.Cancelled)));
        using var instance = ExecutionEngines.Named(engine).Prepare(WasmModule.Load(module)).Instantiate(imports);
        Assert.True(instance.TryGetFunction("run", out var function));

        var trap = Assert.Throws<TrapException>(() => instance.Invoke(function, [], []));

        Assert.Equal(TrapKind.Cancelled, trap.Kind);
        Assert.Equal(0UL, ((Global)instance.Export("reached")).Value);
    }
}
