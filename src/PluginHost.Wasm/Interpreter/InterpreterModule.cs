using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Runtime;
using PluginHost.Wasm.Validation;

namespace PluginHost.Wasm.Interpreter;

/// <summary>A module's register code: one slot for each function, filled when the function is first called by any instance.</summary>
internal sealed unsafe class InterpreterModule : ExecutableModule
{
    private readonly Lock _lock = new();
    private readonly CodeBuffer _buffer = new();
    private readonly CodeMemory _memory = new();

    public InterpreterModule(WasmModule module)
        : base(module)
    {
        Slots = _memory.Allocate<FunctionSlot>(Math.Max(module.FunctionTypeIndices.Length, 1));
        FunctionTypes = _memory.Allocate<uint>(Math.Max(module.FunctionTypeIndices.Length, 1));
        var canonical = new Dictionary<FunctionType, uint>();
        CanonicalTypes = new uint[module.Types.Length];

        for (var i = 0; i < CanonicalTypes.Length; i++)
        {
            if (!canonical.TryGetValue(module.Types[i], out CanonicalTypes[i]))
                canonical.Add(module.Types[i], CanonicalTypes[i] = (uint)i);
        }

        for (var i = 0; i < module.FunctionTypeIndices.Length; i++)
            FunctionTypes[i] = CanonicalTypes[module.FunctionTypeIndices[i]];
    }

    /// <summary>One for each function of the index space; those of imported functions stay empty.</summary>
    public FunctionSlot* Slots { get; }

    /// <summary>The canonical type of each function.</summary>
    public uint* FunctionTypes { get; }

    /// <summary>For each type the first type that equals it: two types are the same where these are.</summary>
    public uint[] CanonicalTypes { get; }

    public System.Collections.Immutable.ImmutableArray<FunctionType> Types => Module.Types;

    /// <summary>The bytes that register code takes.</summary>
    public long CodeBytes { get; private set; }

    /// <summary>The functions that have register code.</summary>
    public int LoweredFunctions { get; private set; }

    /// <summary>Makes a function's code, once.</summary>
    /// <param name="caller">The instance that is about to call it: its interrupt ends the translation.</param>
    /// <exception cref="TrapException">The call was interrupted; the next one begins anew.</exception>
    public void Lower(uint function, WasmInstance caller)
    {
        lock (_lock)
        {
            var slot = Slots + function;

            if (slot->Code != null)
                return;

            var selector = new SelectorScan();
            FunctionValidator.Validate(Module, function, ref selector);
            var lowering = new FunctionLowering(this, caller, _buffer, selector.IsSelectorDead);
            FunctionValidator.Validate(Module, function, ref lowering);
            var code = Store(lowering.Finish());
            slot->FrameSlots = lowering.FrameSlots;
            slot->FirstLocal = (ushort)lowering.ParameterCount;
            slot->LocalCount = (ushort)lowering.DeclaredLocalCount;
            LoweredFunctions++;
            Volatile.Write(ref *(nint*)&slot->Code, (nint)code);
        }
    }

    private protected override WasmInstance CreateInstance(InstanceLinks links, InstanceOptions options) => new InterpreterInstance(this, links, options);

    private Instruction* Store(ReadOnlySpan<Instruction> code)
    {
        CodeBytes += code.Length * sizeof(Instruction);
        return _memory.Store(code);
    }
}
