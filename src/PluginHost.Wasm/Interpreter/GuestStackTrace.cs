using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using PluginHost.Wasm.Compiler;
using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Wasm.Interpreter;

/// <summary>The guest's stack at a trap, innermost frame first, from the interpreter's frames and the generated methods on the thread's own stack.</summary>
internal sealed class GuestStackTrace(WasmModule module)
{
    private readonly ImmutableArray<StackFrame>.Builder _frames = ImmutableArray.CreateBuilder<StackFrame>();
    private uint? _compiled;
    private bool _isResumed;

    public bool IsFull => _frames.Count == TrapException.MaximumStackFrames;

    public ImmutableArray<StackFrame> ToImmutable() => _frames.ToImmutable();

    /// <summary>Adds a function whose compiled code the method is, if it is one.</summary>
    public void AddCompiled(MethodBase method)
    {
        var isResume = method.Name[0] == ModuleCompiler.ResumePrefix;

        if (method.DeclaringType is not { Assembly.IsDynamic: true } || !(isResume || method.Name[0] == ModuleCompiler.Prefix)
            || !uint.TryParse(method.Name.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var function))
        {
            return;
        }

        // A method that had the function entered in the middle by another is the same call.
        if (!_isResumed || _compiled != function)
            Add(function);

        _isResumed = isResume;
        _compiled = function;
    }

    /// <summary>Adds a function that the interpreter runs, or has compiled code run in its frame: that was added before.</summary>
    public void AddInterpreted(uint function)
    {
        if (_compiled != function)
            Add(function);

        _compiled = null;
    }

    private void Add(uint function) => _frames.Add(new StackFrame(function, module.FunctionName(function)));
}
