using System.Runtime.CompilerServices;

namespace PluginHost.Wasm.Runtime;

/// <summary>
/// One call of a host function by a guest. Arguments and results share the same slots: read every argument before setting a result.
/// </summary>
public readonly ref struct HostCall
{
    private readonly Span<ulong> _slots;

    internal HostCall(WasmInstance instance, Span<ulong> slots)
    {
        Instance = instance;
        _slots = slots;
    }

    /// <summary>The instance whose code called.</summary>
    public WasmInstance Instance { get; }

    /// <summary>The caller's memory. Its size may change, and on some platforms its place, whenever guest code runs.</summary>
    /// <exception cref="TrapException">The caller has no memory.</exception>
    public LinearMemory Memory => Instance.Memory ?? throw new TrapException(TrapKind.OutOfBoundsMemoryAccess, "the calling module has no memory");

    /// <summary>The state of the given type that the instance was made with (<see cref="InstanceOptions.States"/>).</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public T State<T>()
        where T : class
        => Instance.State<T>();

    public int Int32(int index) => (int)_slots[index];

    public uint UInt32(int index) => (uint)_slots[index];

    public long Int64(int index) => (long)_slots[index];

    public ulong UInt64(int index) => _slots[index];

    public float Single(int index) => BitConverter.UInt32BitsToSingle((uint)_slots[index]);

    public double Double(int index) => BitConverter.UInt64BitsToDouble(_slots[index]);

    public void Return(int value, int index = 0) => _slots[index] = (uint)value;

    public void Return(uint value, int index = 0) => _slots[index] = value;

    public void Return(long value, int index = 0) => _slots[index] = (ulong)value;

    public void Return(ulong value, int index = 0) => _slots[index] = value;

    public void Return(float value, int index = 0) => _slots[index] = BitConverter.SingleToUInt32Bits(value);

    public void Return(double value, int index = 0) => _slots[index] = BitConverter.DoubleToUInt64Bits(value);

    /// <summary>
    /// Ends the guest's call when it has been interrupted: to be called now and then by host functions that take long. A call with a deadline that has computed
    /// for long may wait here until it is its turn to go on, so the host function should hold no lock.
    /// </summary>
    /// <exception cref="TrapException">The deadline has passed or the caller gave up.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void ThrowIfInterrupted() => Instance.Yield();

    /// <summary>Blocks for the given time, or until the call is interrupted, which ends it.</summary>
    /// <exception cref="TrapException">The deadline passed or the caller gave up while waiting.</exception>
    public void Sleep(TimeSpan duration) => Instance.Sleep(duration);

    /// <summary>
    /// Blocks until the task has ended, or the call is interrupted, which ends it. The task must not touch the caller's memory: after an interruption it may go
    /// on behind the call's end.
    /// </summary>
    /// <param name="task">Whether it failed is for the host function to see: a failure is not thrown here.</param>
    /// <exception cref="TrapException">The deadline passed or the caller gave up while waiting.</exception>
    public void Wait(Task task) => Instance.Wait(task);
}
