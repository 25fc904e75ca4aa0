using PluginHost.Wasm.Modules;

namespace PluginHost.Fuzz.Cases;

/// <summary>A module and what is done with it: calls of its exports, one after the other on one instance.</summary>
/// <param name="Name">Where it comes from, for people.</param>
internal sealed record FuzzCase(string Name, byte[] Bytes, WasmModule Module, IReadOnlyList<FuzzCall> Calls)
{
    /// <summary>The export that a module with a limit against endless loops has, and that fills it up again: it is called before every other.</summary>
    public const string Refill = "hangLimitInitializer";

    /// <summary>The mutable globals that the module exports, which are compared at the end.</summary>
    public IReadOnlyList<Export> Globals { get; } =
        [.. Module.Exports.Where(export => export.Kind == ExternalKind.Global && !Module.Globals[(int)export.Index].ValueType.IsReference())];

    /// <summary>Plans the calls. Those of an export follow from the seed and its name, so that they stay the same while a module shrinks.</summary>
    /// <param name="rounds">How many times every export is called.</param>
    /// <exception cref="PluginHost.Wasm.Binary.MalformedModuleException">The engine refuses the module.</exception>
    /// <exception cref="PluginHost.Wasm.Validation.InvalidModuleException">The engine refuses the module.</exception>
    public static FuzzCase Create(string name, byte[] bytes, int seed, int rounds)
    {
        var module = WasmModule.Load(bytes);
        var functions = module.Exports.Where(export => export.Kind == ExternalKind.Function && export.Name != Refill && IsCallable(module.FunctionType(export.Index))).ToArray();
        var refill = module.Exports.FirstOrDefault(export => export.Name == Refill);
        var calls = new List<FuzzCall>();
        var randoms = functions.ToDictionary(export => export.Name, export => new FuzzRandom(FuzzRandom.SeedOf(seed, Hash(export.Name))));

        for (var round = 0; round < rounds; round++)
        {
            foreach (var export in functions)
            {
                var type = module.FunctionType(export.Index);

                if (refill is not null)
                    calls.Add(new FuzzCall(Refill, module.FunctionType(refill.Index), []));

                calls.Add(new FuzzCall(export.Name, type, [.. type.Parameters.Select(randoms[export.Name].Value)]));

                // Arguments change nothing where there are none.
                if (type.Parameters.Length == 0 && round > 1)
                    break;
            }
        }

        return new FuzzCase(name, bytes, module, calls);
    }

    private static bool IsCallable(FunctionType type) => !type.Parameters.Concat(type.Results).Any(value => value.IsReference());

    private static int Hash(string name) => name.Aggregate(17, (hash, character) => unchecked(hash * 31 + character));
}
