using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PluginHost.Wasm.Interpreter;
using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Runtime;
using PluginHost.Wasm.Validation;

namespace PluginHost.Wasm.Compiler;

/// <summary>
/// A module's compiled code. Every function has an entry, through which compiled code calls it: its own code once it is compiled, and until then a stub that has
/// the interpreter run it. Code is generated in batches, into assemblies that the collector frees with the module.
/// </summary>
internal sealed unsafe class ModuleCompiler
{
    /// <summary>What the names of methods start with: before the index of the function that they are called for, or entered in the middle of.</summary>
    internal const char Prefix = 'f';
    internal const char ResumePrefix = 'r';

    /// <summary>How often a function is seen running before it is compiled.</summary>
    private const int CompileHeat = 3;

    /// <summary>How often a compiled function is seen running interpreted before entering it in the middle is compiled as well.</summary>
    private const int ResumeHeat = 3;

    /// <summary>How many calls out of compiled code weigh as much as being seen once.</summary>
    private const int CallsForHeat = 64;

    /// <summary>Longer functions come too close to what the JIT optimises to be given more code.</summary>
    private const int LongestPlanned = 12 * 1024;

    private readonly InterpreterModule _code;
    private readonly CompilationMode _mode;
    private readonly CompilationLimits _limits;
    private readonly CompileQueue _queue;
    private readonly Random _random;
    private readonly nint[] _entries;
    private readonly nint[] _resumeEntries;

    /// <summary>Where functions that are not Go's are entered at their loops.</summary>
    private readonly nint[] _loopEntries;
    private readonly int[] _calls;
    private readonly Lock _lock = new();
    private readonly Dictionary<uint, Glue> _glue = [];
    private readonly GoFunctions _goFunctions;
    private readonly ConstantPool _constants = new();
    private readonly Dictionary<uint, bool> _products = [];

    /// <summary>Where code goes until it is full. It is not one for each batch, as each has some mappings of its own, of which the system gives a process 65,000.</summary>
    private CodeAssembly? _assembly;

    /// <summary>What keeps the code alive.</summary>
    private readonly List<MethodInfo> _methods = [];

    /// <summary>The bytes of IL of the batch that is being compiled.</summary>
    private long _batchIlBytes;
    private long _compileTicks;
    private volatile CompiledCode _compiled = new(0, 0);
    private volatile CompiledCode _resumable = new(0, 0);
    private volatile bool _isFull;
    private int _faults;

    /// <param name="seed">For the mode that chooses at random.</param>
    /// <param name="queue">Where functions wait in the mode that compiles them when they are hot.</param>
    public ModuleCompiler(InterpreterModule code, CompilationMode mode, CompilationLimits limits, int seed, CompileQueue queue)
    {
        _limits = limits;
        _queue = queue;
        _random = new Random(seed);
        _code = code;
        _mode = mode;
        var count = Math.Max(Module.FunctionTypeIndices.Length, 1);

        // Pinned: generated code has their addresses.
        _entries = GC.AllocateArray<nint>(count, pinned: true);
        _resumeEntries = GC.AllocateArray<nint>(count, pinned: true);
        _loopEntries = new nint[count];
        _calls = new int[count];
        Entries = (nint*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_entries));
        ResumeEntries = (nint*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_resumeEntries));
        _goFunctions = new GoFunctions(Module);

        if (mode == CompilationMode.AtLoad)
        {
            uint[] all = [.. Enumerable.Range(Module.ImportedFunctionCount, Module.FunctionBodies.Length).Select(index => (uint)index)];
            TryCompile(all, resume: false);
            TryCompile(all, resume: true);
        }
    }

    public WasmModule Module => _code.Module;

    /// <summary>One for each function of the index space.</summary>
    public nint* Entries { get; }

    /// <summary>One for each function: where those in Go's convention are entered in the middle.</summary>
    public nint* ResumeEntries { get; }

    /// <summary>What calls of functions run.</summary>
    public CompiledCode Compiled => _compiled;

    /// <summary>What functions are entered in the middle by.</summary>
    public CompiledCode Resumable => _resumable;

    /// <summary>Whether the limit of compiled code is reached, so that nothing more is compiled.</summary>
    public bool IsFull => _isFull;

    /// <summary>How often functions could not be compiled, by a fault of the compiler's own.</summary>
    public int Faults => Volatile.Read(ref _faults);

    public TimeSpan CompileTime => Stopwatch.GetElapsedTime(0, Volatile.Read(ref _compileTicks));

    public nint EntryAddress(uint function) => (nint)(Entries + function);

    public nint ResumeEntryAddress(uint function) => (nint)(ResumeEntries + function);

    public nint FunctionTypeAddress(uint function) => (nint)(_code.FunctionTypes + function);

    /// <summary>Whether a function is known to leave global 0 alone: it assigns none and calls nothing.</summary>
    public bool PreservesSp(uint function) => _goFunctions.PreservesSp(function);

    /// <summary>Whether a function multiplies; see <see cref="Intrinsics.IsProduct"/>.</summary>
    public bool IsProduct(uint function)
    {
        if (!_products.TryGetValue(function, out var known))
            _products.Add(function, known = Intrinsics.IsProduct(Module, function, Signature(Module.FunctionTypeIndices[function]).IsGo));

        return known;
    }

    public int LoopCount(uint function) => _code.LoopCount(function);

    public nint ConstantAddress(ulong bits) => _constants.Address(bits);

    public uint CanonicalType(uint type) => _code.CanonicalTypes[type];

    public Signature Signature(uint type) => GlueOf(type).Signature;

    public nint Stub(uint function) => GlueOf(Module.FunctionTypeIndices[function]).Stub;

    /// <summary>Counts that a function was seen running interpreted, and has it compiled when that was often.</summary>
    /// <returns>Whether its compiled code can be entered in the middle.</returns>
    public bool Warm(FunctionSlot* slot)
    {
        if (_mode == CompilationMode.AtRandom)
            WarmAtRandom(slot);

        if (slot->Tier == Tier.ResumeCompiled)
            return true;

        if (_mode == CompilationMode.WhenHot)
        {
            slot->Heat++;

            if (slot->Tier == Tier.Interpreted && slot->Heat >= CompileHeat)
                _queue.TryAdd(this, slot, Tier.Queued);
            else if (slot->Tier == Tier.Compiled && slot->Heat >= CompileHeat + ResumeHeat)
                _queue.TryAdd(this, slot, Tier.ResumeQueued);
        }

        return false;
    }

    /// <summary>How many ticks to run until the next look.</summary>
    public int Ticks(InstanceContext* context)
    {
        if (_mode != CompilationMode.AtRandom)
            return InterpreterLoop.TicksBetweenPolls;

        lock (_lock)
        {
            // Has compiled code that runs next stop, and go on interpreted.
            if (_random.Next(4) == 0)
                context->IsLong = 1;

            if (_random.Next(4) == 0)
                context->StackLimit = ulong.MaxValue;

            return _random.Next(1, _random.Next(2) == 0 ? 8 : 400);
        }
    }

    /// <summary>Counts that compiled code called an interpreted function.</summary>
    public void WarmCall(FunctionSlot* slot)
    {
        if (slot->Tier is Tier.Interpreted or Tier.Compiled && ++_calls[slot - _code.Slots] % CallsForHeat == 0)
            Warm(slot);
    }

    /// <summary>Runs the rest of a function in compiled code, where that can be entered at the place at which the function stands.</summary>
    /// <returns>Whether it did; the results stand in the first slots.</returns>
    public bool TryResume(FunctionSlot* slot, Instruction* ip, byte* instance, ulong* slots)
    {
        var index = slot - _code.Slots;

        if (_loopEntries[index] is var enterLoop and not 0)
        {
            if (!_code.TryFindLoop(slot, ip, out var loop))
                return false;

            ((delegate*<ulong*, byte*, int, void>)enterLoop)(slots, instance, loop);
            return true;
        }

        var resume = (delegate*<long, byte*, long, ulong*, long>)ResumeEntries[index];

        if (resume == null || !_code.TryFindSelector(slot, ip, out var selector))
            return false;

        var sp = *(uint*)(instance + ContextLayout.Global(0));
        var result = resume(sp, instance, index | ((long)selector << 32), slots);

        if (result == GoConvention.Refused)
            return false;

        slots[0] = result < 0 ? RuntimeMethods.Context(instance)->Result : 0;
        return true;
    }

    /// <summary>Compiles functions as <see cref="Compile"/> does, and leaves those that it fails at to the interpreter.</summary>
    /// <returns>How many it failed at, by a fault of its own.</returns>
    [SuppressMessage("Design", "CA1031", Justification = "A fault of the compiler's is no reason to stop: the interpreter runs what it cannot compile.")]
    public int TryCompile(ReadOnlySpan<uint> functions, bool resume)
    {
        try
        {
            Compile(functions, resume);
            return 0;
        }
        catch (Exception) when (functions.Length == 1)
        {
            Refuse(functions[0]);
            Interlocked.Increment(ref _faults);
            return 1;
        }
        catch (Exception)
        {
            // One of them is at fault, and it is not known which.
        }

        var failures = 0;

        for (var i = 0; i < functions.Length; i++)
        {
            if (resume ? ResumeEntries[functions[i]] == 0 && _loopEntries[functions[i]] == 0 : (_code.Slots + functions[i])->Tier is Tier.Interpreted or Tier.Queued)
                failures += TryCompile(functions.Slice(i, 1), resume);
        }

        return failures;
    }

    /// <summary>Compiles functions, and has all calls use their code from then on.</summary>
    /// <param name="resume">Whether to compile how they are entered in the middle, not how they are called.</param>
    public void Compile(ReadOnlySpan<uint> functions, bool resume)
    {
        lock (_lock)
        {
            if (_glue.Count == 0)
                DefineGlue();

            var start = Stopwatch.GetTimestamp();
            var assembly = _assembly ??= new CodeAssembly();
            var compiled = new List<(uint Function, MethodBuilder Method)>();
            _batchIlBytes = 0;

            foreach (var function in functions)
            {
                if (!resume && Intrinsics.Find(Module, function, Signature(Module.FunctionTypeIndices[function]).IsGo) is { } intrinsic)
                {
                    Publish(function, intrinsic.Address, 0);
                    continue;
                }

                if ((resume ? TryDefineResume(assembly, function) : TryDefine(assembly, function)) is { } method)
                    compiled.Add((function, method));
                else
                    Refuse(function);
            }

            foreach (var (function, builder) in compiled)
            {
                var ilBytes = builder.GetILGenerator().ILOffset;
                var (method, address) = CodeAssembly.Finish(builder, prepare: _mode != CompilationMode.AtLoad);
                _methods.Add(method);

                if (resume)
                {
                    if (builder.ReturnType == typeof(void))
                        Volatile.Write(ref _loopEntries[function], address);
                    else
                        Volatile.Write(ref *(ResumeEntries + function), address);

                    (_code.Slots + function)->Tier = Tier.ResumeCompiled;
                    _resumable = new CompiledCode(_resumable.Functions + 1, _resumable.IlBytes + ilBytes);
                }
                else
                {
                    Publish(function, address, ilBytes);
                }

                _batchIlBytes -= ilBytes;
            }

            if (assembly.IsFull)
                _assembly = null;

            Volatile.Write(ref _compileTicks, _compileTicks + Stopwatch.GetTimestamp() - start);
        }
    }

    /// <summary>Has all calls of a function enter the code at the address.</summary>
    private void Publish(uint function, nint address, int ilBytes)
    {
        Volatile.Write(ref *(Entries + function), address);
        _code.EnterCompiled(function, GlueOf(Module.FunctionTypeIndices[function]).Thunk);
        (_code.Slots + function)->Tier = Tier.Compiled;
        _compiled = new CompiledCode(_compiled.Functions + 1, _compiled.IlBytes + ilBytes);
    }

    internal static string MethodName(uint function, bool resume) => $"{(resume ? ResumePrefix : Prefix)}{function}";

    internal uint IndexOf(FunctionSlot* slot) => (uint)(slot - _code.Slots);

    /// <summary>Leaves a function as it is, for good.</summary>
    private void Refuse(uint function)
    {
        var slot = _code.Slots + function;
        slot->Tier = slot->Tier switch
        {
            Tier.Queued or Tier.Interpreted => Tier.Refused,
            Tier.ResumeQueued => Tier.ResumeRefused,
            var tier => tier,
        };
    }

    private void WarmAtRandom(FunctionSlot* slot)
    {
        bool isChosen;

        lock (_lock)
            isChosen = _random.Next(4) == 0;

        if (!isChosen)
            return;

        if (slot->Tier == Tier.Interpreted)
        {
            slot->Tier = Tier.Queued;
            CompileAside(IndexOf(slot), resume: false);
        }
        else if (slot->Tier == Tier.Compiled)
        {
            slot->Tier = Tier.ResumeQueued;
            CompileAside(IndexOf(slot), resume: true);
        }
    }

    /// <summary>Compiles a function now, but where a guest that has used up its thread's stack leaves the compiler one of its own.</summary>
    private void CompileAside(uint function, bool resume)
    {
        var thread = new Thread(() => Compile([function], resume));
        thread.Start();
        thread.Join();
    }

    private MethodBuilder? TryDefine(CodeAssembly assembly, uint function)
    {
        var signature = Signature(Module.FunctionTypeIndices[function]);
        var go = signature.IsGo ? _goFunctions.Find(function) : null;
        return TryEmit(function, assembly.DefineMethod(MethodName(function, resume: false), signature.Result, signature.Parameters), signature, go, isResume: false);
    }

    private MethodBuilder? TryDefineResume(CodeAssembly assembly, uint function)
    {
        var signature = Signature(Module.FunctionTypeIndices[function]);

        if ((_code.Slots + function)->Tier is not (Tier.Compiled or Tier.ResumeQueued))
            return null;

        if (signature.IsGo && _goFunctions.Find(function) is { } go)
        {
            return go.HasDispatch
                ? TryEmit(function, assembly.DefineMethod(MethodName(function, resume: true), typeof(long), Compiler.Signature.ResumeParameters), signature, go, isResume: true)
                : null;
        }

        return LoopCount(function) > 0
            ? TryEmit(function, assembly.DefineMethod(MethodName(function, resume: true), typeof(void), Compiler.Signature.LoopParameters), signature, null, isResume: true)
            : null;
    }

    /// <summary>Generates a method's code; null where it is left to the interpreter.</summary>
    private MethodBuilder? TryEmit(uint function, MethodBuilder method, Signature signature, GoFunction? go, bool isResume)
    {
        if (_isFull)
            return null;

        var il = method.GetILGenerator(Math.Max(Module.FunctionBodies[(int)function - Module.ImportedFunctionCount].Length * 2, 64));
        var compiler = new FunctionCompiler(this, function, signature, il, go, isResume);
        CompileOne(function, compiler, go, isResume);

        if (compiler.IsRefused || compiler.IsTooLarge)
            return null;

        _isFull = compiler.IlBytes > _limits.IlBytes - _compiled.IlBytes - _resumable.IlBytes - _batchIlBytes;

        if (_isFull)
            return null;

        _batchIlBytes += compiler.IlBytes;
        return method;
    }

    private void CompileOne(uint function, FunctionCompiler compiler, GoFunction? go, bool isResume)
    {
        if (go is null || Module.FunctionBodies[(int)function - Module.ImportedFunctionCount].Length > LongestPlanned)
        {
            FunctionValidator.Validate(Module, function, ref compiler);
            return;
        }

        var recording = FunctionRecording.Of(Module, function);
        RangePlanner.Plan(recording, go, isResume, Module).Compile(recording, compiler);
    }

    private Glue GlueOf(uint type) => _glue[CanonicalType(type)];

    private void DefineGlue()
    {
        var assembly = _assembly ??= new CodeAssembly();
        var types = Module.FunctionTypeIndices.Concat(Enumerable.Range(0, Module.Types.Length).Select(type => (uint)type)).Select(CanonicalType).Distinct().ToList();
        var signatures = types.ToDictionary(type => type, type => new Signature(Module.Types[(int)type], _goFunctions.IsGoType(type)));

        var builder = assembly.DefineType("glue");

        foreach (var (type, signature) in signatures)
        {
            SignatureCode.DefineStub(builder, $"stub{type}", signature);
            SignatureCode.DefineThunk(builder, $"thunk{type}", signature);
        }

        var glue = builder.CreateType();

        foreach (var (type, signature) in signatures)
        {
            var (stub, stubAddress) = CodeAssembly.Find(glue, $"stub{type}", prepare: false);
            var (thunk, thunkAddress) = CodeAssembly.Find(glue, $"thunk{type}", prepare: false);
            _methods.AddRange([stub, thunk]);
            _glue.Add(type, new Glue(signature, stubAddress, thunkAddress));
        }

        for (var i = 0; i < Module.FunctionTypeIndices.Length; i++)
            Entries[i] = GlueOf(Module.FunctionTypeIndices[i]).Stub;
    }

    /// <summary>What the functions of a type share.</summary>
    private sealed record Glue(Signature Signature, nint Stub, nint Thunk);
}
