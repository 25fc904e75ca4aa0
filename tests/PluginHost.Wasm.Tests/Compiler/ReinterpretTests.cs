using PluginHost.Fuzz.Generation;
using PluginHost.Wasm.Binary;
using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Wasm.Tests.Compiler;

/// <summary>
/// Narrow loads whose result is reinterpreted as a float at once, which .NET by itself makes a wide load of: of bytes that are not asked for, and at the memory's
/// end of bytes that are not there, which would end the process.
/// </summary>
public sealed class ReinterpretTests
{
    [Theory]
    [TierData(Opcode.I32Load8U, 1, false)]
    [TierData(Opcode.I32Load8S, 1, false)]
    [TierData(Opcode.I32Load16U, 2, false)]
    [TierData(Opcode.I32Load16S, 2, false)]
    [TierData(Opcode.I32Load, 4, false)]
    [TierData(Opcode.I64Load8U, 1, true)]
    [TierData(Opcode.I64Load8S, 1, true)]
    [TierData(Opcode.I64Load16U, 2, true)]
    [TierData(Opcode.I64Load16S, 2, true)]
    [TierData(Opcode.I64Load32U, 4, true)]
    [TierData(Opcode.I64Load32S, 4, true)]
    [TierData(Opcode.I64Load, 8, true)]
    public void Reinterpret_OfANarrowLoad_TakesItsBytesOnly(string engine, Opcode load, int width, bool isWide)
    {
        var type = isWide ? ValueType.F64 : ValueType.F32;
        var code = new CodeWriter().Get(0).Op(load, 0).U32(0);
        var module = new ModuleBuilder().Memory()
            .Function("bits", [ModuleBuilder.I32], [isWide ? ModuleBuilder.I64 : ModuleBuilder.I32], code.ToArray())
            .Function("float", [ModuleBuilder.I32], [(byte)type], code.Op(isWide ? Opcode.F64ReinterpretI64 : Opcode.F32ReinterpretI32).ToArray());
        using var instance = Tiers.Named(engine).Prepare(WasmModule.Load(module.ToArray())).Instantiate(new Imports());
        instance.Memory!.Span(0, 16).Fill(0x3C);
        instance.Memory.Span(LinearMemory.PageSize - 16, 16).Fill(0x3D);

        foreach (var address in (uint[])[0, 5, (uint)(LinearMemory.PageSize - width)])
            Assert.Equal(Call("bits", address), Call("float", address));

        ulong Call(string export, uint address)
        {
            var result = new ulong[1];
            instance.Invoke((WasmFunction)instance.Export(export), [address], result);
            return result[0];
        }
    }
}
