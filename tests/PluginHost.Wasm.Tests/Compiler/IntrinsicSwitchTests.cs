using System.Runtime.InteropServices;
using PluginHost.Wasm.Compiler;
using PluginHost.Wasm.Interpreter;
using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Wasm.Tests.Compiler;

/// <summary>Where intrinsics take a function's place, and that they do not where they are switched off, or the function is another.</summary>
[Collection(nameof(AloneCollection))]
public sealed class IntrinsicSwitchTests
{
    public static TheoryData<string> Names => new(Intrinsics.All.Select(intrinsic => intrinsic.Name));

    [Theory]
    [InlineData("calc", 2)]
    [InlineData("goroutines", 3)]
    [InlineData("text", 3)]
    [InlineData("crypto", 3)]
    [InlineData("kernels", 3)]
    public void Find_InASampleOfGosToolchain_FindsThoseThatAreThereUnderTheirNames(string sample, int count)
    {
        var module = WasmModule.Load(Repository.Sample(sample));
        var names = Intrinsics.All.Select(intrinsic => intrinsic.Name).ToHashSet(StringComparer.Ordinal);

        var found = IntrinsicGuest.Functions(module, index => Intrinsics.Find(module, index, isGo: false) is not null).ToList();

        Assert.Equal(IntrinsicGuest.Functions(module, index => names.Contains(module.FunctionName(index) ?? "")), found);
        Assert.All(found, index => Assert.Equal(module.FunctionName(index), Intrinsics.Find(module, index, isGo: false)!.Name));
        Assert.InRange(found.Count, count, Intrinsics.All.Count);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Compile_UnlessSwitchedOff_EntersTheIntrinsic(string name)
    {
        using var guest = new IntrinsicGuest(name, pages: 1);

        // The intrinsic's own address, and not a byte of IL of the body's; where it is off, neither.
        Assert.Equal(Address(name), Entry(guest.Replaced, 0));
        Assert.Equal(0, guest.Replaced.Statistics().Compiled.IlBytes);
        Assert.NotEqual(Address(name), Entry(guest.Compiled, 0));
        Assert.InRange(guest.Compiled.Statistics().Compiled.IlBytes, 1, int.MaxValue);
        Assert.Equal(1, guest.Compiled.Statistics().Compiled.Functions);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Find_WithSomeSwitchedOff_FindsTheOthers(string name)
    {
        var module = WasmModule.Load(Repository.Sample("text"));
        var functions = Intrinsics.All.ToDictionary(intrinsic => intrinsic.Name, intrinsic => IntrinsicGuest.Find(module, intrinsic.Name), StringComparer.Ordinal);

        IntrinsicGuest.Without($"another, {name} ,memcpy", () =>
        {
            Assert.All(functions, pair => Assert.Equal(pair.Key == name ? null : pair.Key, Intrinsics.Find(module, pair.Value, isGo: false)?.Name));
            return true;
        });
        IntrinsicGuest.Without(string.Join(',', functions.Keys), () =>
        {
            Assert.All(functions, pair => Assert.Null(Intrinsics.Find(module, pair.Value, isGo: false)));
            return true;
        });
        Assert.All(functions, pair => Assert.Equal(pair.Key, Intrinsics.Find(module, pair.Value, isGo: false)?.Name));
    }

    /// <summary>A body that differs in any one byte, and is still valid, is another function.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Find_OfABodyThatDiffersInOneByte_FindsNone(string name)
    {
        using var guest = new IntrinsicGuest(name, pages: 1);
        var bytes = guest.Module.Bytes.ToArray();
        var body = guest.Module.FunctionBodies[0];
        var valid = 0;

        for (var i = body.Offset; i < body.Offset + body.Length; i++)
        {
            bytes[i] ^= 1;

            try
            {
                Assert.Null(Intrinsics.Find(WasmModule.Load(bytes), 0, isGo: false));
                valid++;
            }
            catch (Exception exception) when (exception is Wasm.Binary.MalformedModuleException or Wasm.Validation.InvalidModuleException)
            {
                // Not every change leaves a module.
            }

            bytes[i] ^= 1;
        }

        Assert.InRange(valid, 10, body.Length);
        Assert.Equal(name, Intrinsics.Find(WasmModule.Load(bytes), 0, isGo: false)?.Name);
    }

    private static nint Address(string name) => Intrinsics.All.Single(intrinsic => intrinsic.Name == name).Address;

    private static nint Entry(ExecutableModule module, uint function) => Marshal.ReadIntPtr(((InterpreterModule)module).Compiler!.EntryAddress(function));
}
