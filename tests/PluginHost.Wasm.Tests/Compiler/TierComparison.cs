using PluginHost.Fuzz.Execution;
using PluginHost.Fuzz.Generation.Shape;
using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Wasm.Tests.Compiler;

/// <summary>Runs a module of <see cref="GoShapeModule"/> on every one of the <see cref="Tiers"/>, and holds that nothing that can be seen of it differs.</summary>
internal static class TierComparison
{
    private const int Rounds = 8;

    private static readonly uint[] s_selectors = [0, 0, 1, 2, 9, uint.MaxValue];

    /// <summary>Calls a function with SP at every edge and with several selectors, again and again.</summary>
    /// <param name="other">What global 1 holds at every call.</param>
    /// <param name="host">The imported functions by name.</param>
    /// <param name="stacks">Where SP stands.</param>
    /// <param name="mayTrapAlways">Whether no call need give a result.</param>
    public static void AssertSame(GoShapeModule module, uint function, ulong other = 0, Dictionary<string, HostCallback>? host = null, uint[]? stacks = null, bool mayTrapAlways = false) =>
        AssertSameFor(module, function, [other], host, stacks, mayTrapAlways: mayTrapAlways);

    /// <param name="others">What global 1 holds, one after the other.</param>
    public static void AssertSameFor(
        GoShapeModule module, uint function, ulong[] others, Dictionary<string, HostCallback>? host = null, uint[]? stacks = null, int rounds = Rounds, bool mayTrapAlways = false)
    {
        var bytes = module.ToArray();
        var expected = Run("interpreter", bytes, function, others, host, stacks ?? GoShapeProgram.EdgesOfSp, rounds);
        Assert.True(mayTrapAlways || expected.Exists(line => line.Contains("gave", StringComparison.Ordinal)), expected[0]);

        foreach (var engine in Tiers.Names)
        {
            var actual = Run(engine, bytes, function, others, host, stacks ?? GoShapeProgram.EdgesOfSp, rounds);

            for (var i = 0; i < expected.Count; i++)
                Assert.True(expected[i] == actual[i], $"call {i} on {engine}: {actual[i]}, and interpreted: {expected[i]}");
        }
    }

    /// <summary>What each call did: its result or trap, and the state behind it.</summary>
    public static List<string> Run(string engine, byte[] bytes, uint function, ulong other, Dictionary<string, HostCallback>? host, uint[] stacks) =>
        Run(engine, bytes, function, [other], host, stacks, Rounds);

    private static List<string> Run(string engine, byte[] bytes, uint function, ulong[] others, Dictionary<string, HostCallback>? host, uint[] stacks, int rounds)
    {
        var module = WasmModule.Load(bytes);
        var imports = new Imports();

        for (var i = 0; i < module.Imports.Length; i++)
            imports.Add(GoShapeModule.HostModule, module.Imports[i].Name, module.FunctionType((uint)i), host![module.Imports[i].Name]);

        using var instance = Tiers.Named(engine).Prepare(module).Instantiate(imports, new InstanceOptions { MaximumMemoryPages = 3 });
        var sp = (Global)instance.Export("sp");
        var counter = (Global)instance.Export("other");
        var called = (WasmFunction)instance.Export($"f{function}");
        var lines = new List<string>();
        var results = new ulong[1];

        var starts = stacks.SelectMany(_ => others, (stack, other) => (Stack: stack, Other: other)).SelectMany(_ => s_selectors, (start, selector) => (start.Stack, start.Other, Selector: selector));

        foreach (var (stack, other, selector) in Enumerable.Repeat(starts, rounds).SelectMany(round => round))
        {
            sp.Value = stack;
            counter.Value = other;
            string outcome;

            try
            {
                instance.Invoke(called, [selector], results, new ExecutionBudget(TimeSpan.FromSeconds(2)));
                outcome = $"gave {results[0]}";
            }
            catch (TrapException trap)
            {
                outcome = $"trapped: {trap.Kind}";
            }

            var memory = instance.Memory!;
            lines.Add($"{selector} at 0x{stack:x} with 0x{other:x} {outcome}; sp 0x{sp.Value:x}, other {counter.Value}, {memory.Pages} pages, {Digest.OfMemory(memory.Span(0, memory.Pages * LinearMemory.PageSize)):x}");
        }

        return lines;
    }
}
