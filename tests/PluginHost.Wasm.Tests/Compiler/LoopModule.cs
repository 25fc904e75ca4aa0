using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Wasm.Tests.Compiler;

/// <summary>A module of functions f0, f1, … of type (i32 n, i32 x) -> (i32): each computes x = 31x + n in a loop that counts n down, and calls the one before it.</summary>
internal static class LoopModule
{
    /// <summary>So many turns make a function hot in one call.</summary>
    public const uint HotTurns = 50_000;

    private const uint InnerTurns = 3;

    public static WasmModule Of(int functions) => WasmModule.Load(Builder(functions).ToArray());

    /// <summary>A module with one function more, whose body is not valid and was not looked at.</summary>
    public static WasmModule WithInvalidFunction(int functions) =>
        WasmModule.Load(Builder(functions).Function(null, [ModuleBuilder.I32], [ModuleBuilder.I32], 0x6A).ToArray(), validateBodies: false);

    public static uint Expected(int function, uint turns, uint x)
    {
        for (; turns > 0; turns--)
            x = (x * 31) + turns;

        return function == 0 ? x : Expected(function - 1, InnerTurns, x);
    }

    public static uint Call(WasmInstance instance, int function, uint turns, uint x)
    {
        Assert.True(instance.TryGetFunction($"f{function}", out var index));
        var results = new ulong[1];

        instance.Invoke(index, [turns, x], results);

        return (uint)results[0];
    }

    /// <summary>Calls every function and checks its result.</summary>
    public static void AssertRight(WasmInstance instance, int functions, uint turns, uint x = 7)
    {
        for (var function = 0; function < functions; function++)
            Assert.Equal(Expected(function, turns, x), Call(instance, function, turns, x));
    }

    private static ModuleBuilder Builder(int functions)
    {
        var module = new ModuleBuilder();

        for (var function = 0; function < functions; function++)
        {
            // loop (local.set 1 (31 * local 1 + local 0)) (br_if 0 (local.tee 0 (local 0 - 1))) end
            byte[] loop = [0x03, 0x40, 0x20, 1, 0x41, 31, 0x6C, 0x20, 0, 0x6A, 0x21, 1, 0x20, 0, 0x41, 1, 0x6B, 0x22, 0, 0x0D, 0, 0x0B];
            byte[] rest = function == 0 ? [0x20, 1] : [0x41, (byte)InnerTurns, 0x20, 1, 0x10, .. ModuleBytes.U32((uint)function - 1)];
            module.Function($"f{function}", [ModuleBuilder.I32, ModuleBuilder.I32], [ModuleBuilder.I32], [.. loop, .. rest]);
        }

        return module;
    }
}
