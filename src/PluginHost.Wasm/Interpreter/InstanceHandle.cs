using System.Runtime.InteropServices;

namespace PluginHost.Wasm.Interpreter;

/// <summary>By what compiled code, which has only a pointer, names its instance. It does not keep the instance alive.</summary>
internal sealed class InstanceHandle : SafeHandle
{
    public InstanceHandle(InterpreterInstance instance)
        : base(0, ownsHandle: true) => SetHandle(GCHandle.ToIntPtr(GCHandle.Alloc(instance, GCHandleType.Weak)));

    public override bool IsInvalid => handle == 0;

    public nint Value => handle;

    protected override bool ReleaseHandle()
    {
        GCHandle.FromIntPtr(handle).Free();
        return true;
    }
}
