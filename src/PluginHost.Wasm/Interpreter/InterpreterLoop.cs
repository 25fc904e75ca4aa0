using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using PluginHost.Wasm.Numerics;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Wasm.Interpreter;

/// <summary>
/// The loop. Everything it needs at each instruction is a local that the compiler keeps in a register: so no local's address is taken, nothing is captured,
/// and what is rare is done by methods of <see cref="InterpreterInstance"/>. Every access to the linear memory is checked against its length in 64 bits,
/// where address and offset, below 2^32 each, cannot wrap; slots are in bounds because validation bounds every index and a call checks the whole frame.
/// </summary>
internal static unsafe class InterpreterLoop
{
    /// <summary>How many calls and taken jumps pass between two looks at the interrupt and the fuel.</summary>
    public const int TicksBetweenPolls = 4096;

    /// <param name="top">The outermost call's frame, whose return address is an <see cref="Operation.Exit"/>.</param>
    /// <param name="frame">Its slots, with the arguments in place and the locals zero.</param>
    /// <param name="ip">Where to start: the function's code, or a place in its register code.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(InterpreterInstance instance, CallFrame* top, ulong* frame, Instruction* ip)
    {
        var context = instance.Context;
        var slots = instance.Code.Slots;
        var functionTypes = instance.Code.FunctionTypes;
        var memory = instance.MemoryBase;
        var memoryLength = ((InstanceContext*)memory - 1)->MemoryLength;
        var lastCall = instance.LastCallFrame;
        var stackEnd = instance.ValueStackEnd;
        var globals = (ulong*)context - 1;
        var ticks = context->Ticks;
        Instruction* i;
        FunctionSlot* callee;
        ulong* calleeFrame;
        ulong address;

        while (true)
        {
            i = ip++;

            switch (i->Operation)
            {
                case Operation.Exit:
                    context->Ticks = ticks;
                    return;

                case Operation.EnterCompiled:
                    context->Ticks = ticks;
                    context->CallStackTop = top;
                    callee = top->Function;

                    if (!instance.TryRunCompiled(callee, frame, (delegate*<ulong*, byte*, int, nint, void>)i->Immediate))
                    {
                        ticks = context->Ticks;
                        calleeFrame = frame;
                        goto startLowered;
                    }

                    ticks = context->Ticks;
                    memoryLength = ((InstanceContext*)memory - 1)->MemoryLength;
                    ip = top->ReturnAddress;
                    frame = top->CallerFrame;
                    top--;
                    continue;

                case Operation.Unreachable:
                    goto unreachable;

                case Operation.Jump:
                    goto taken;

                case Operation.BranchTable:
                    ip += ((int*)ip)[Math.Min((uint)frame[i->A], i->Low)];
                    goto poll;

                case Operation.Return:
                    ip = top->ReturnAddress;
                    frame = top->CallerFrame;
                    top--;
                    continue;

                case Operation.ReturnSlot:
                    frame[0] = frame[i->A];
                    ip = top->ReturnAddress;
                    frame = top->CallerFrame;
                    top--;
                    continue;

                case Operation.ReturnConst:
                    frame[0] = i->Immediate;
                    ip = top->ReturnAddress;
                    frame = top->CallerFrame;
                    top--;
                    continue;

                case Operation.ReturnMany:
                    // The copy goes down, from behind all locals, so ascending order is safe where the ranges overlap.
                    new ReadOnlySpan<ulong>(frame + i->A, (int)i->Low).CopyTo(new Span<ulong>(frame, (int)i->Low));
                    ip = top->ReturnAddress;
                    frame = top->CallerFrame;
                    top--;
                    continue;

                case Operation.GoReturn:
                    globals[0] = (uint)frame[i->A] + i->Low;
                    frame[0] = 0;
                    ip = top->ReturnAddress;
                    frame = top->CallerFrame;
                    top--;
                    continue;

                case Operation.GoCall:
                    address = (uint)((int)frame[i->A] + (short)i->C);
                    frame[i->A] = address;
                    globals[0] = address;

                    if (address + sizeof(ulong) > memoryLength)
                        goto outOfBounds;

                    *(ulong*)(memory + address) = i->Low;
                    callee = slots + i->High;
                    calleeFrame = frame + i->B;
                    *calleeFrame = 0;
                    goto enter;

                case Operation.GoPush:
                    address = (uint)((int)frame[i->A] + (short)i->C);
                    frame[i->A] = address;
                    globals[0] = address;

                    if (address + sizeof(ulong) > memoryLength)
                        goto outOfBounds;

                    *(ulong*)(memory + address) = i->Immediate;
                    continue;

                case Operation.GoResume:
                    frame[i->A] = globals[0];

                    if ((uint)frame[i->B] != 0)
                        goto taken;

                    continue;

                case Operation.GoStackCheck:
                    address = (ulong)(uint)*(globals - i->B) + i->C;

                    if (address + sizeof(uint) > memoryLength)
                        goto outOfBounds;

                    if ((uint)frame[i->A] > *(uint*)(memory + address))
                        goto taken;

                    continue;

                case Operation.AddSetGlobal:
                    address = (uint)frame[i->B] + i->Low;
                    frame[i->A] = address;
                    *(globals - i->High) = address;
                    continue;

                case Operation.Call:
                    callee = slots + i->Low;
                    calleeFrame = frame + i->A;
                    goto enter;

                case Operation.CallIndirect:
                    {
                        var table = instance.Tables[i->C];

                        if ((uint)frame[i->B] >= table.Size)
                            goto undefinedElement;

                        address = table.Pointer[(uint)frame[i->B]] - instance.FirstReference;

                        if (address >= instance.DefinedFunctionCount)
                            goto callForeign;

                        address += instance.ImportedFunctionCount;

                        if (functionTypes[address] != i->Low)
                            goto typeMismatch;

                        callee = slots + address;
                        calleeFrame = frame + i->A;
                        goto enter;
                    }

                case Operation.CallImport:
                    context->Ticks = ticks;
                    context->CallStackTop = top;
                    instance.CallImported(i->Low, frame + i->A);
                    memoryLength = ((InstanceContext*)memory - 1)->MemoryLength;
                    ticks = context->Ticks;
                    continue;

                case Operation.TailCall:
                    callee = slots + i->Low;
                    address = i->A;
                    goto enterTail;

                case Operation.TailCallIndirect:
                    {
                        var table = instance.Tables[i->C];

                        if ((uint)frame[i->B] >= table.Size)
                            goto undefinedElement;

                        address = table.Pointer[(uint)frame[i->B]] - instance.FirstReference;

                        // A function of another instance is called and its results returned: its frame is not on this stack in any case.
                        if (address >= instance.DefinedFunctionCount)
                        {
                            context->Ticks = ticks;
                            context->CallStackTop = top;
                            instance.CallReference(address + instance.FirstReference, i->Low, frame + i->A);
                            new ReadOnlySpan<ulong>(frame + i->A, instance.Code.Types[(int)i->Low].Results.Length).CopyTo(new Span<ulong>(frame, instance.Code.Types[(int)i->Low].Results.Length));
                            memoryLength = ((InstanceContext*)memory - 1)->MemoryLength;
                            ticks = context->Ticks;
                            ip = top->ReturnAddress;
                            frame = top->CallerFrame;
                            top--;
                            continue;
                        }

                        address += instance.ImportedFunctionCount;

                        if (functionTypes[address] != i->Low)
                            goto typeMismatch;

                        callee = slots + address;
                        address = i->A;
                        goto enterTail;
                    }

                case Operation.Move:
                    frame[i->A] = frame[i->B];
                    continue;

                case Operation.MoveMany:
                    // The values go down, and the copy is a memmove.
                    new ReadOnlySpan<ulong>(frame + i->B, (int)i->Low).CopyTo(new Span<ulong>(frame + i->A, (int)i->Low));
                    continue;

                case Operation.Const:
                    frame[i->A] = i->Immediate;
                    continue;

                case Operation.Select:
                    frame[i->A] = (uint)frame[i->Low] != 0 ? frame[i->B] : frame[i->C];
                    continue;

                case Operation.GlobalGet:
                    frame[i->A] = *(globals - i->Low);
                    continue;

                case Operation.GlobalSet:
                    *(globals - i->Low) = frame[i->A];
                    continue;

                case Operation.GlobalGetImported:
                    frame[i->A] = *instance.Globals[i->Low].Cell;
                    continue;

                case Operation.GlobalSetImported:
                    *instance.Globals[i->Low].Cell = frame[i->A];
                    continue;

                case Operation.RefFunc:
                    frame[i->A] = instance.FunctionReference(i->Low);
                    continue;

                case Operation.I32Load:
                    address = (ulong)((uint)frame[i->B] + i->Low) + i->High;
                    if (address + 4 > memoryLength)
                        goto outOfBounds;

                    frame[i->A] = *(uint*)(memory + address);
                    continue;

                case Operation.I64Load:
                    address = (ulong)((uint)frame[i->B] + i->Low) + i->High;
                    if (address + 8 > memoryLength)
                        goto outOfBounds;

                    frame[i->A] = *(ulong*)(memory + address);
                    continue;

                case Operation.I32Load8S:
                    address = (ulong)((uint)frame[i->B] + i->Low) + i->High;
                    if (address + 1 > memoryLength)
                        goto outOfBounds;

                    frame[i->A] = (uint)*(sbyte*)(memory + address);
                    continue;

                case Operation.I32Load8U:
                    address = (ulong)((uint)frame[i->B] + i->Low) + i->High;
                    if (address + 1 > memoryLength)
                        goto outOfBounds;

                    frame[i->A] = memory[address];
                    continue;

                case Operation.I32Load16S:
                    address = (ulong)((uint)frame[i->B] + i->Low) + i->High;
                    if (address + 2 > memoryLength)
                        goto outOfBounds;

                    frame[i->A] = (uint)*(short*)(memory + address);
                    continue;

                case Operation.I32Load16U:
                    address = (ulong)((uint)frame[i->B] + i->Low) + i->High;
                    if (address + 2 > memoryLength)
                        goto outOfBounds;

                    frame[i->A] = *(ushort*)(memory + address);
                    continue;

                case Operation.I64Load8S:
                    address = (ulong)((uint)frame[i->B] + i->Low) + i->High;
                    if (address + 1 > memoryLength)
                        goto outOfBounds;

                    frame[i->A] = (ulong)*(sbyte*)(memory + address);
                    continue;

                case Operation.I64Load16S:
                    address = (ulong)((uint)frame[i->B] + i->Low) + i->High;
                    if (address + 2 > memoryLength)
                        goto outOfBounds;

                    frame[i->A] = (ulong)*(short*)(memory + address);
                    continue;

                case Operation.I64Load32S:
                    address = (ulong)((uint)frame[i->B] + i->Low) + i->High;
                    if (address + 4 > memoryLength)
                        goto outOfBounds;

                    frame[i->A] = (ulong)*(int*)(memory + address);
                    continue;

                case Operation.I32Store:
                    address = (ulong)((uint)frame[i->A] + i->Low) + i->High;
                    if (address + 4 > memoryLength)
                        goto outOfBounds;

                    *(uint*)(memory + address) = (uint)frame[i->B];
                    continue;

                case Operation.I32StoreConst:
                    address = (ulong)((uint)frame[i->A] + i->Low) + i->High;
                    if (address + 4 > memoryLength)
                        goto outOfBounds;

                    *(uint*)(memory + address) = (uint)(short)i->C;
                    continue;

                case Operation.I64Store:
                    address = (ulong)((uint)frame[i->A] + i->Low) + i->High;
                    if (address + 8 > memoryLength)
                        goto outOfBounds;

                    *(ulong*)(memory + address) = frame[i->B];
                    continue;

                case Operation.I64StoreConst:
                    address = (ulong)((uint)frame[i->A] + i->Low) + i->High;
                    if (address + 8 > memoryLength)
                        goto outOfBounds;

                    *(ulong*)(memory + address) = (ulong)(short)i->C;
                    continue;

                case Operation.I32Store8:
                    address = (ulong)((uint)frame[i->A] + i->Low) + i->High;
                    if (address + 1 > memoryLength)
                        goto outOfBounds;

                    *(byte*)(memory + address) = (byte)frame[i->B];
                    continue;

                case Operation.I32Store8Const:
                    address = (ulong)((uint)frame[i->A] + i->Low) + i->High;
                    if (address + 1 > memoryLength)
                        goto outOfBounds;

                    *(byte*)(memory + address) = (byte)(short)i->C;
                    continue;

                case Operation.I32Store16:
                    address = (ulong)((uint)frame[i->A] + i->Low) + i->High;
                    if (address + 2 > memoryLength)
                        goto outOfBounds;

                    *(ushort*)(memory + address) = (ushort)frame[i->B];
                    continue;

                case Operation.I32Store16Const:
                    address = (ulong)((uint)frame[i->A] + i->Low) + i->High;
                    if (address + 2 > memoryLength)
                        goto outOfBounds;

                    *(ushort*)(memory + address) = (ushort)(short)i->C;
                    continue;

                case Operation.MemorySize:
                    frame[i->A] = memoryLength / LinearMemory.PageSize;
                    continue;

                case Operation.MemoryGrow:
                    frame[i->A] = (uint)instance.Memory!.Grow((uint)frame[i->B]);
                    memoryLength = ((InstanceContext*)memory - 1)->MemoryLength;
                    continue;

                case Operation.MemoryFill:
                    context->CallStackTop = top;
                    BulkOperations.MemoryFill(instance, (uint)frame[i->A], (uint)frame[i->B], (uint)frame[i->C]);
                    continue;

                case Operation.MemoryCopy:
                    context->CallStackTop = top;
                    BulkOperations.MemoryCopy(instance, (uint)frame[i->A], (uint)frame[i->B], (uint)frame[i->C]);
                    continue;

                case Operation.MemoryInit:
                    context->CallStackTop = top;
                    BulkOperations.MemoryInit(instance, i->Low, (uint)frame[i->A], (uint)frame[i->B], (uint)frame[i->C]);
                    continue;

                case Operation.DataDrop:
                    instance.DroppedData[i->Low] = true;
                    continue;

                case Operation.TableGet:
                    context->CallStackTop = top;
                    frame[i->A] = BulkOperations.TableGet(instance, i->Low, (uint)frame[i->B]);
                    continue;

                case Operation.TableSet:
                    context->CallStackTop = top;
                    BulkOperations.TableSet(instance, i->Low, (uint)frame[i->A], frame[i->B]);
                    continue;

                case Operation.TableSize:
                    frame[i->A] = instance.Tables[i->Low].Size;
                    continue;

                case Operation.TableGrow:
                    context->CallStackTop = top;
                    frame[i->A] = (uint)BulkOperations.TableGrow(instance, i->Low, (uint)frame[i->C], frame[i->B]);
                    continue;

                case Operation.TableFill:
                    context->CallStackTop = top;
                    BulkOperations.TableFill(instance, i->Low, (uint)frame[i->A], frame[i->B], (uint)frame[i->C]);
                    continue;

                case Operation.TableCopy:
                    context->CallStackTop = top;
                    BulkOperations.TableCopy(instance, i->Low, i->High, (uint)frame[i->A], (uint)frame[i->B], (uint)frame[i->C]);
                    continue;

                case Operation.TableInit:
                    context->CallStackTop = top;
                    BulkOperations.TableInit(instance, i->Low, i->High, (uint)frame[i->A], (uint)frame[i->B], (uint)frame[i->C]);
                    continue;

                case Operation.ElemDrop:
                    instance.DroppedElements[i->Low] = true;
                    continue;

                case Operation.I32Eqz:
                    frame[i->A] = (uint)frame[i->B] == 0 ? 1UL : 0;
                    continue;

                case Operation.I32Eq:
                    frame[i->A] = (uint)frame[i->B] == (uint)frame[i->C] ? 1UL : 0;
                    continue;

                case Operation.I32Ne:
                    frame[i->A] = (uint)frame[i->B] != (uint)frame[i->C] ? 1UL : 0;
                    continue;

                case Operation.I32LtS:
                    frame[i->A] = (int)frame[i->B] < (int)frame[i->C] ? 1UL : 0;
                    continue;

                case Operation.I32LtU:
                    frame[i->A] = (uint)frame[i->B] < (uint)frame[i->C] ? 1UL : 0;
                    continue;

                case Operation.I32GtS:
                    frame[i->A] = (int)frame[i->B] > (int)frame[i->C] ? 1UL : 0;
                    continue;

                case Operation.I32GtU:
                    frame[i->A] = (uint)frame[i->B] > (uint)frame[i->C] ? 1UL : 0;
                    continue;

                case Operation.I32LeS:
                    frame[i->A] = (int)frame[i->B] <= (int)frame[i->C] ? 1UL : 0;
                    continue;

                case Operation.I32LeU:
                    frame[i->A] = (uint)frame[i->B] <= (uint)frame[i->C] ? 1UL : 0;
                    continue;

                case Operation.I32GeS:
                    frame[i->A] = (int)frame[i->B] >= (int)frame[i->C] ? 1UL : 0;
                    continue;

                case Operation.I32GeU:
                    frame[i->A] = (uint)frame[i->B] >= (uint)frame[i->C] ? 1UL : 0;
                    continue;

                case Operation.I64Eqz:
                    frame[i->A] = frame[i->B] == 0 ? 1UL : 0;
                    continue;

                case Operation.I64Eq:
                    frame[i->A] = frame[i->B] == frame[i->C] ? 1UL : 0;
                    continue;

                case Operation.I64Ne:
                    frame[i->A] = frame[i->B] != frame[i->C] ? 1UL : 0;
                    continue;

                case Operation.I64LtS:
                    frame[i->A] = (long)frame[i->B] < (long)frame[i->C] ? 1UL : 0;
                    continue;

                case Operation.I64LtU:
                    frame[i->A] = frame[i->B] < frame[i->C] ? 1UL : 0;
                    continue;

                case Operation.I64GtS:
                    frame[i->A] = (long)frame[i->B] > (long)frame[i->C] ? 1UL : 0;
                    continue;

                case Operation.I64GtU:
                    frame[i->A] = frame[i->B] > frame[i->C] ? 1UL : 0;
                    continue;

                case Operation.I64LeS:
                    frame[i->A] = (long)frame[i->B] <= (long)frame[i->C] ? 1UL : 0;
                    continue;

                case Operation.I64LeU:
                    frame[i->A] = frame[i->B] <= frame[i->C] ? 1UL : 0;
                    continue;

                case Operation.I64GeS:
                    frame[i->A] = (long)frame[i->B] >= (long)frame[i->C] ? 1UL : 0;
                    continue;

                case Operation.I64GeU:
                    frame[i->A] = frame[i->B] >= frame[i->C] ? 1UL : 0;
                    continue;

                case Operation.F32Eq:
                    frame[i->A] = BitConverter.UInt32BitsToSingle((uint)frame[i->B]) == BitConverter.UInt32BitsToSingle((uint)frame[i->C]) ? 1UL : 0;
                    continue;

                case Operation.F32Ne:
                    frame[i->A] = BitConverter.UInt32BitsToSingle((uint)frame[i->B]) != BitConverter.UInt32BitsToSingle((uint)frame[i->C]) ? 1UL : 0;
                    continue;

                case Operation.F32Lt:
                    frame[i->A] = BitConverter.UInt32BitsToSingle((uint)frame[i->B]) < BitConverter.UInt32BitsToSingle((uint)frame[i->C]) ? 1UL : 0;
                    continue;

                case Operation.F32Gt:
                    frame[i->A] = BitConverter.UInt32BitsToSingle((uint)frame[i->B]) > BitConverter.UInt32BitsToSingle((uint)frame[i->C]) ? 1UL : 0;
                    continue;

                case Operation.F32Le:
                    frame[i->A] = BitConverter.UInt32BitsToSingle((uint)frame[i->B]) <= BitConverter.UInt32BitsToSingle((uint)frame[i->C]) ? 1UL : 0;
                    continue;

                case Operation.F32Ge:
                    frame[i->A] = BitConverter.UInt32BitsToSingle((uint)frame[i->B]) >= BitConverter.UInt32BitsToSingle((uint)frame[i->C]) ? 1UL : 0;
                    continue;

                case Operation.F64Eq:
                    frame[i->A] = BitConverter.UInt64BitsToDouble(frame[i->B]) == BitConverter.UInt64BitsToDouble(frame[i->C]) ? 1UL : 0;
                    continue;

                case Operation.F64Ne:
                    frame[i->A] = BitConverter.UInt64BitsToDouble(frame[i->B]) != BitConverter.UInt64BitsToDouble(frame[i->C]) ? 1UL : 0;
                    continue;

                case Operation.F64Lt:
                    frame[i->A] = BitConverter.UInt64BitsToDouble(frame[i->B]) < BitConverter.UInt64BitsToDouble(frame[i->C]) ? 1UL : 0;
                    continue;

                case Operation.F64Gt:
                    frame[i->A] = BitConverter.UInt64BitsToDouble(frame[i->B]) > BitConverter.UInt64BitsToDouble(frame[i->C]) ? 1UL : 0;
                    continue;

                case Operation.F64Le:
                    frame[i->A] = BitConverter.UInt64BitsToDouble(frame[i->B]) <= BitConverter.UInt64BitsToDouble(frame[i->C]) ? 1UL : 0;
                    continue;

                case Operation.F64Ge:
                    frame[i->A] = BitConverter.UInt64BitsToDouble(frame[i->B]) >= BitConverter.UInt64BitsToDouble(frame[i->C]) ? 1UL : 0;
                    continue;

                case Operation.I32Clz:
                    frame[i->A] = (uint)BitOperations.LeadingZeroCount((uint)frame[i->B]);
                    continue;

                case Operation.I32Ctz:
                    frame[i->A] = (uint)BitOperations.TrailingZeroCount((uint)frame[i->B]);
                    continue;

                case Operation.I32Popcnt:
                    frame[i->A] = (uint)BitOperations.PopCount((uint)frame[i->B]);
                    continue;

                case Operation.I32Add:
                    frame[i->A] = (uint)frame[i->B] + (uint)frame[i->C];
                    continue;

                case Operation.I32Sub:
                    frame[i->A] = (uint)frame[i->B] - (uint)frame[i->C];
                    continue;

                case Operation.I32Mul:
                    frame[i->A] = (uint)frame[i->B] * (uint)frame[i->C];
                    continue;

                case Operation.I32DivS:
                    context->CallStackTop = top;
                    frame[i->A] = (uint)Integers.DivS((int)frame[i->B], (int)frame[i->C]);
                    continue;

                case Operation.I32DivU:
                    context->CallStackTop = top;
                    frame[i->A] = Integers.DivU((uint)frame[i->B], (uint)frame[i->C]);
                    continue;

                case Operation.I32RemS:
                    context->CallStackTop = top;
                    frame[i->A] = (uint)Integers.RemS((int)frame[i->B], (int)frame[i->C]);
                    continue;

                case Operation.I32RemU:
                    context->CallStackTop = top;
                    frame[i->A] = Integers.RemU((uint)frame[i->B], (uint)frame[i->C]);
                    continue;

                case Operation.I32And:
                    frame[i->A] = (uint)frame[i->B] & (uint)frame[i->C];
                    continue;

                case Operation.I32Or:
                    frame[i->A] = (uint)frame[i->B] | (uint)frame[i->C];
                    continue;

                case Operation.I32Xor:
                    frame[i->A] = (uint)frame[i->B] ^ (uint)frame[i->C];
                    continue;

                case Operation.I32Shl:
                    frame[i->A] = (uint)frame[i->B] << (int)frame[i->C];
                    continue;

                case Operation.I32ShrS:
                    frame[i->A] = (uint)((int)frame[i->B] >> (int)frame[i->C]);
                    continue;

                case Operation.I32ShrU:
                    frame[i->A] = (uint)frame[i->B] >> (int)frame[i->C];
                    continue;

                case Operation.I32Rotl:
                    frame[i->A] = BitOperations.RotateLeft((uint)frame[i->B], (int)frame[i->C]);
                    continue;

                case Operation.I32Rotr:
                    frame[i->A] = BitOperations.RotateRight((uint)frame[i->B], (int)frame[i->C]);
                    continue;

                case Operation.I64Clz:
                    frame[i->A] = (uint)BitOperations.LeadingZeroCount(frame[i->B]);
                    continue;

                case Operation.I64Ctz:
                    frame[i->A] = (uint)BitOperations.TrailingZeroCount(frame[i->B]);
                    continue;

                case Operation.I64Popcnt:
                    frame[i->A] = (uint)BitOperations.PopCount(frame[i->B]);
                    continue;

                case Operation.I64Add:
                    frame[i->A] = frame[i->B] + frame[i->C];
                    continue;

                case Operation.I64Sub:
                    frame[i->A] = frame[i->B] - frame[i->C];
                    continue;

                case Operation.I64Mul:
                    frame[i->A] = frame[i->B] * frame[i->C];
                    continue;

                case Operation.I64DivS:
                    context->CallStackTop = top;
                    frame[i->A] = (ulong)Integers.DivS((long)frame[i->B], (long)frame[i->C]);
                    continue;

                case Operation.I64DivU:
                    context->CallStackTop = top;
                    frame[i->A] = Integers.DivU(frame[i->B], frame[i->C]);
                    continue;

                case Operation.I64RemS:
                    context->CallStackTop = top;
                    frame[i->A] = (ulong)Integers.RemS((long)frame[i->B], (long)frame[i->C]);
                    continue;

                case Operation.I64RemU:
                    context->CallStackTop = top;
                    frame[i->A] = Integers.RemU(frame[i->B], frame[i->C]);
                    continue;

                case Operation.I64And:
                    frame[i->A] = frame[i->B] & frame[i->C];
                    continue;

                case Operation.I64Or:
                    frame[i->A] = frame[i->B] | frame[i->C];
                    continue;

                case Operation.I64Xor:
                    frame[i->A] = frame[i->B] ^ frame[i->C];
                    continue;

                case Operation.I64Shl:
                    frame[i->A] = frame[i->B] << (int)frame[i->C];
                    continue;

                case Operation.I64ShrS:
                    frame[i->A] = (ulong)((long)frame[i->B] >> (int)frame[i->C]);
                    continue;

                case Operation.I64ShrU:
                    frame[i->A] = frame[i->B] >> (int)frame[i->C];
                    continue;

                case Operation.I64Rotl:
                    frame[i->A] = BitOperations.RotateLeft(frame[i->B], (int)frame[i->C]);
                    continue;

                case Operation.I64Rotr:
                    frame[i->A] = BitOperations.RotateRight(frame[i->B], (int)frame[i->C]);
                    continue;

                case Operation.F32Abs:
                    frame[i->A] = Floats.Abs((uint)frame[i->B]);
                    continue;

                case Operation.F32Neg:
                    frame[i->A] = Floats.Neg((uint)frame[i->B]);
                    continue;

                case Operation.F32Ceil:
                    frame[i->A] = BitConverter.SingleToUInt32Bits(Floats.Ceil(BitConverter.UInt32BitsToSingle((uint)frame[i->B])));
                    continue;

                case Operation.F32Floor:
                    frame[i->A] = BitConverter.SingleToUInt32Bits(Floats.Floor(BitConverter.UInt32BitsToSingle((uint)frame[i->B])));
                    continue;

                case Operation.F32Trunc:
                    frame[i->A] = BitConverter.SingleToUInt32Bits(Floats.Trunc(BitConverter.UInt32BitsToSingle((uint)frame[i->B])));
                    continue;

                case Operation.F32Nearest:
                    frame[i->A] = BitConverter.SingleToUInt32Bits(Floats.Nearest(BitConverter.UInt32BitsToSingle((uint)frame[i->B])));
                    continue;

                case Operation.F32Sqrt:
                    frame[i->A] = BitConverter.SingleToUInt32Bits(MathF.Sqrt(BitConverter.UInt32BitsToSingle((uint)frame[i->B])));
                    continue;

                case Operation.F32Add:
                    frame[i->A] = BitConverter.SingleToUInt32Bits(BitConverter.UInt32BitsToSingle((uint)frame[i->B]) + BitConverter.UInt32BitsToSingle((uint)frame[i->C]));
                    continue;

                case Operation.F32Sub:
                    frame[i->A] = BitConverter.SingleToUInt32Bits(BitConverter.UInt32BitsToSingle((uint)frame[i->B]) - BitConverter.UInt32BitsToSingle((uint)frame[i->C]));
                    continue;

                case Operation.F32Mul:
                    frame[i->A] = BitConverter.SingleToUInt32Bits(BitConverter.UInt32BitsToSingle((uint)frame[i->B]) * BitConverter.UInt32BitsToSingle((uint)frame[i->C]));
                    continue;

                case Operation.F32Div:
                    frame[i->A] = BitConverter.SingleToUInt32Bits(BitConverter.UInt32BitsToSingle((uint)frame[i->B]) / BitConverter.UInt32BitsToSingle((uint)frame[i->C]));
                    continue;

                case Operation.F32Min:
                    frame[i->A] = BitConverter.SingleToUInt32Bits(Floats.Min(BitConverter.UInt32BitsToSingle((uint)frame[i->B]), BitConverter.UInt32BitsToSingle((uint)frame[i->C])));
                    continue;

                case Operation.F32Max:
                    frame[i->A] = BitConverter.SingleToUInt32Bits(Floats.Max(BitConverter.UInt32BitsToSingle((uint)frame[i->B]), BitConverter.UInt32BitsToSingle((uint)frame[i->C])));
                    continue;

                case Operation.F32Copysign:
                    frame[i->A] = Floats.Copysign((uint)frame[i->B], (uint)frame[i->C]);
                    continue;

                case Operation.F64Abs:
                    frame[i->A] = Floats.Abs(frame[i->B]);
                    continue;

                case Operation.F64Neg:
                    frame[i->A] = Floats.Neg(frame[i->B]);
                    continue;

                case Operation.F64Ceil:
                    frame[i->A] = BitConverter.DoubleToUInt64Bits(Floats.Ceil(BitConverter.UInt64BitsToDouble(frame[i->B])));
                    continue;

                case Operation.F64Floor:
                    frame[i->A] = BitConverter.DoubleToUInt64Bits(Floats.Floor(BitConverter.UInt64BitsToDouble(frame[i->B])));
                    continue;

                case Operation.F64Trunc:
                    frame[i->A] = BitConverter.DoubleToUInt64Bits(Floats.Trunc(BitConverter.UInt64BitsToDouble(frame[i->B])));
                    continue;

                case Operation.F64Nearest:
                    frame[i->A] = BitConverter.DoubleToUInt64Bits(Floats.Nearest(BitConverter.UInt64BitsToDouble(frame[i->B])));
                    continue;

                case Operation.F64Sqrt:
                    frame[i->A] = BitConverter.DoubleToUInt64Bits(Math.Sqrt(BitConverter.UInt64BitsToDouble(frame[i->B])));
                    continue;

                case Operation.F64Add:
                    frame[i->A] = BitConverter.DoubleToUInt64Bits(BitConverter.UInt64BitsToDouble(frame[i->B]) + BitConverter.UInt64BitsToDouble(frame[i->C]));
                    continue;

                case Operation.F64Sub:
                    frame[i->A] = BitConverter.DoubleToUInt64Bits(BitConverter.UInt64BitsToDouble(frame[i->B]) - BitConverter.UInt64BitsToDouble(frame[i->C]));
                    continue;

                case Operation.F64Mul:
                    frame[i->A] = BitConverter.DoubleToUInt64Bits(BitConverter.UInt64BitsToDouble(frame[i->B]) * BitConverter.UInt64BitsToDouble(frame[i->C]));
                    continue;

                case Operation.F64Div:
                    frame[i->A] = BitConverter.DoubleToUInt64Bits(BitConverter.UInt64BitsToDouble(frame[i->B]) / BitConverter.UInt64BitsToDouble(frame[i->C]));
                    continue;

                case Operation.F64Min:
                    frame[i->A] = BitConverter.DoubleToUInt64Bits(Floats.Min(BitConverter.UInt64BitsToDouble(frame[i->B]), BitConverter.UInt64BitsToDouble(frame[i->C])));
                    continue;

                case Operation.F64Max:
                    frame[i->A] = BitConverter.DoubleToUInt64Bits(Floats.Max(BitConverter.UInt64BitsToDouble(frame[i->B]), BitConverter.UInt64BitsToDouble(frame[i->C])));
                    continue;

                case Operation.F64Copysign:
                    frame[i->A] = Floats.Copysign(frame[i->B], frame[i->C]);
                    continue;

                case Operation.I32TruncF32S:
                    context->CallStackTop = top;
                    frame[i->A] = (uint)Conversions.TruncToInt32(BitConverter.UInt32BitsToSingle((uint)frame[i->B]));
                    continue;

                case Operation.I32TruncF32U:
                    context->CallStackTop = top;
                    frame[i->A] = Conversions.TruncToUInt32(BitConverter.UInt32BitsToSingle((uint)frame[i->B]));
                    continue;

                case Operation.I32TruncF64S:
                    context->CallStackTop = top;
                    frame[i->A] = (uint)Conversions.TruncToInt32(BitConverter.UInt64BitsToDouble(frame[i->B]));
                    continue;

                case Operation.I32TruncF64U:
                    context->CallStackTop = top;
                    frame[i->A] = Conversions.TruncToUInt32(BitConverter.UInt64BitsToDouble(frame[i->B]));
                    continue;

                case Operation.I64ExtendI32S:
                    frame[i->A] = (ulong)(int)frame[i->B];
                    continue;

                case Operation.I64ExtendI32U:
                    frame[i->A] = (uint)frame[i->B];
                    continue;

                case Operation.I64TruncF32S:
                    context->CallStackTop = top;
                    frame[i->A] = (ulong)Conversions.TruncToInt64(BitConverter.UInt32BitsToSingle((uint)frame[i->B]));
                    continue;

                case Operation.I64TruncF32U:
                    context->CallStackTop = top;
                    frame[i->A] = Conversions.TruncToUInt64(BitConverter.UInt32BitsToSingle((uint)frame[i->B]));
                    continue;

                case Operation.I64TruncF64S:
                    context->CallStackTop = top;
                    frame[i->A] = (ulong)Conversions.TruncToInt64(BitConverter.UInt64BitsToDouble(frame[i->B]));
                    continue;

                case Operation.I64TruncF64U:
                    context->CallStackTop = top;
                    frame[i->A] = Conversions.TruncToUInt64(BitConverter.UInt64BitsToDouble(frame[i->B]));
                    continue;

                case Operation.F32ConvertI32S:
                    frame[i->A] = BitConverter.SingleToUInt32Bits((int)frame[i->B]);
                    continue;

                case Operation.F32ConvertI32U:
                    frame[i->A] = BitConverter.SingleToUInt32Bits(Conversions.ToSingle((ulong)(uint)frame[i->B]));
                    continue;

                case Operation.F32ConvertI64S:
                    frame[i->A] = BitConverter.SingleToUInt32Bits(Conversions.ToSingle((long)frame[i->B]));
                    continue;

                case Operation.F32ConvertI64U:
                    frame[i->A] = BitConverter.SingleToUInt32Bits(Conversions.ToSingle(frame[i->B]));
                    continue;

                case Operation.F32DemoteF64:
                    frame[i->A] = BitConverter.SingleToUInt32Bits((float)BitConverter.UInt64BitsToDouble(frame[i->B]));
                    continue;

                case Operation.F64ConvertI32S:
                    frame[i->A] = BitConverter.DoubleToUInt64Bits((int)frame[i->B]);
                    continue;

                case Operation.F64ConvertI32U:
                    frame[i->A] = BitConverter.DoubleToUInt64Bits((uint)frame[i->B]);
                    continue;

                case Operation.F64ConvertI64S:
                    frame[i->A] = BitConverter.DoubleToUInt64Bits((long)frame[i->B]);
                    continue;

                case Operation.F64ConvertI64U:
                    frame[i->A] = BitConverter.DoubleToUInt64Bits(Conversions.ToDouble(frame[i->B]));
                    continue;

                case Operation.F64PromoteF32:
                    frame[i->A] = BitConverter.DoubleToUInt64Bits(BitConverter.UInt32BitsToSingle((uint)frame[i->B]));
                    continue;

                case Operation.I32Extend8S:
                    frame[i->A] = (uint)(sbyte)frame[i->B];
                    continue;

                case Operation.I32Extend16S:
                    frame[i->A] = (uint)(short)frame[i->B];
                    continue;

                case Operation.I64Extend8S:
                    frame[i->A] = (ulong)(sbyte)frame[i->B];
                    continue;

                case Operation.I64Extend16S:
                    frame[i->A] = (ulong)(short)frame[i->B];
                    continue;

                case Operation.I64Extend32S:
                    frame[i->A] = (ulong)(int)frame[i->B];
                    continue;

                case Operation.I32TruncSatF32S:
                    frame[i->A] = (uint)Conversions.SaturateToInt32(BitConverter.UInt32BitsToSingle((uint)frame[i->B]));
                    continue;

                case Operation.I32TruncSatF32U:
                    frame[i->A] = Conversions.SaturateToUInt32(BitConverter.UInt32BitsToSingle((uint)frame[i->B]));
                    continue;

                case Operation.I32TruncSatF64S:
                    frame[i->A] = (uint)Conversions.SaturateToInt32(BitConverter.UInt64BitsToDouble(frame[i->B]));
                    continue;

                case Operation.I32TruncSatF64U:
                    frame[i->A] = Conversions.SaturateToUInt32(BitConverter.UInt64BitsToDouble(frame[i->B]));
                    continue;

                case Operation.I64TruncSatF32S:
                    frame[i->A] = (ulong)Conversions.SaturateToInt64(BitConverter.UInt32BitsToSingle((uint)frame[i->B]));
                    continue;

                case Operation.I64TruncSatF32U:
                    frame[i->A] = Conversions.SaturateToUInt64(BitConverter.UInt32BitsToSingle((uint)frame[i->B]));
                    continue;

                case Operation.I64TruncSatF64S:
                    frame[i->A] = (ulong)Conversions.SaturateToInt64(BitConverter.UInt64BitsToDouble(frame[i->B]));
                    continue;

                case Operation.I64TruncSatF64U:
                    frame[i->A] = Conversions.SaturateToUInt64(BitConverter.UInt64BitsToDouble(frame[i->B]));
                    continue;

                case Operation.I32AddConst:
                    frame[i->A] = (uint)frame[i->B] + i->Low;
                    continue;

                case Operation.I32AndConst:
                    frame[i->A] = (uint)frame[i->B] & i->Low;
                    continue;

                case Operation.I32OrConst:
                    frame[i->A] = (uint)frame[i->B] | i->Low;
                    continue;

                case Operation.I32XorConst:
                    frame[i->A] = (uint)frame[i->B] ^ i->Low;
                    continue;

                case Operation.I32ShlConst:
                    frame[i->A] = (uint)frame[i->B] << (int)i->Low;
                    continue;

                case Operation.I32ShrSConst:
                    frame[i->A] = (uint)((int)frame[i->B] >> (int)i->Low);
                    continue;

                case Operation.I32ShrUConst:
                    frame[i->A] = (uint)frame[i->B] >> (int)i->Low;
                    continue;

                case Operation.I32MulConst:
                    frame[i->A] = (uint)frame[i->B] * i->Low;
                    continue;

                case Operation.I32RotlConst:
                    frame[i->A] = BitOperations.RotateLeft((uint)frame[i->B], (int)i->Low);
                    continue;

                case Operation.I32EqConst:
                    frame[i->A] = (uint)frame[i->B] == i->Low ? 1UL : 0;
                    continue;

                case Operation.I32NeConst:
                    frame[i->A] = (uint)frame[i->B] != i->Low ? 1UL : 0;
                    continue;

                case Operation.I32LtSConst:
                    frame[i->A] = (int)frame[i->B] < (int)i->Low ? 1UL : 0;
                    continue;

                case Operation.I32LtUConst:
                    frame[i->A] = (uint)frame[i->B] < i->Low ? 1UL : 0;
                    continue;

                case Operation.I32GtSConst:
                    frame[i->A] = (int)frame[i->B] > (int)i->Low ? 1UL : 0;
                    continue;

                case Operation.I32GtUConst:
                    frame[i->A] = (uint)frame[i->B] > i->Low ? 1UL : 0;
                    continue;

                case Operation.I32LeSConst:
                    frame[i->A] = (int)frame[i->B] <= (int)i->Low ? 1UL : 0;
                    continue;

                case Operation.I32LeUConst:
                    frame[i->A] = (uint)frame[i->B] <= i->Low ? 1UL : 0;
                    continue;

                case Operation.I32GeSConst:
                    frame[i->A] = (int)frame[i->B] >= (int)i->Low ? 1UL : 0;
                    continue;

                case Operation.I32GeUConst:
                    frame[i->A] = (uint)frame[i->B] >= i->Low ? 1UL : 0;
                    continue;

                case Operation.I64AddConst:
                    frame[i->A] = frame[i->B] + i->Immediate;
                    continue;

                case Operation.I64AndConst:
                    frame[i->A] = frame[i->B] & i->Immediate;
                    continue;

                case Operation.I64OrConst:
                    frame[i->A] = frame[i->B] | i->Immediate;
                    continue;

                case Operation.I64XorConst:
                    frame[i->A] = frame[i->B] ^ i->Immediate;
                    continue;

                case Operation.I64ShlConst:
                    frame[i->A] = frame[i->B] << (int)i->Low;
                    continue;

                case Operation.I64ShrSConst:
                    frame[i->A] = (ulong)((long)frame[i->B] >> (int)i->Low);
                    continue;

                case Operation.I64ShrUConst:
                    frame[i->A] = frame[i->B] >> (int)i->Low;
                    continue;

                case Operation.I64MulConst:
                    frame[i->A] = frame[i->B] * i->Immediate;
                    continue;

                case Operation.I64RotlConst:
                    frame[i->A] = BitOperations.RotateLeft(frame[i->B], (int)i->Low);
                    continue;

                case Operation.I64EqConst:
                    frame[i->A] = frame[i->B] == i->Immediate ? 1UL : 0;
                    continue;

                case Operation.I64NeConst:
                    frame[i->A] = frame[i->B] != i->Immediate ? 1UL : 0;
                    continue;

                case Operation.I64LtSConst:
                    frame[i->A] = (long)frame[i->B] < (long)i->Immediate ? 1UL : 0;
                    continue;

                case Operation.I64LtUConst:
                    frame[i->A] = frame[i->B] < i->Immediate ? 1UL : 0;
                    continue;

                case Operation.I64GtSConst:
                    frame[i->A] = (long)frame[i->B] > (long)i->Immediate ? 1UL : 0;
                    continue;

                case Operation.I64GtUConst:
                    frame[i->A] = frame[i->B] > i->Immediate ? 1UL : 0;
                    continue;

                case Operation.I64LeSConst:
                    frame[i->A] = (long)frame[i->B] <= (long)i->Immediate ? 1UL : 0;
                    continue;

                case Operation.I64LeUConst:
                    frame[i->A] = frame[i->B] <= i->Immediate ? 1UL : 0;
                    continue;

                case Operation.I64GeSConst:
                    frame[i->A] = (long)frame[i->B] >= (long)i->Immediate ? 1UL : 0;
                    continue;

                case Operation.I64GeUConst:
                    frame[i->A] = frame[i->B] >= i->Immediate ? 1UL : 0;
                    continue;

                case Operation.I64AddExtendedConst:
                    frame[i->A] = (uint)frame[i->B] + i->Immediate;
                    continue;

                case Operation.JumpIfZero32:
                    if ((uint)frame[i->A] == 0)
                        goto taken;
                    continue;

                case Operation.JumpIfNotZero32:
                    if ((uint)frame[i->A] != 0)
                        goto taken;
                    continue;

                case Operation.JumpIfZero64:
                    if (frame[i->A] == 0)
                        goto taken;
                    continue;

                case Operation.JumpIfNotZero64:
                    if (frame[i->A] != 0)
                        goto taken;
                    continue;

                case Operation.JumpIfI32Eq:
                    if ((uint)frame[i->A] == (uint)frame[i->B])
                        goto taken;
                    continue;

                case Operation.JumpIfI32Ne:
                    if ((uint)frame[i->A] != (uint)frame[i->B])
                        goto taken;
                    continue;

                case Operation.JumpIfI32LtS:
                    if ((int)frame[i->A] < (int)frame[i->B])
                        goto taken;
                    continue;

                case Operation.JumpIfI32LtU:
                    if ((uint)frame[i->A] < (uint)frame[i->B])
                        goto taken;
                    continue;

                case Operation.JumpIfI32LeS:
                    if ((int)frame[i->A] <= (int)frame[i->B])
                        goto taken;
                    continue;

                case Operation.JumpIfI32LeU:
                    if ((uint)frame[i->A] <= (uint)frame[i->B])
                        goto taken;
                    continue;

                case Operation.JumpIfI32EqConst:
                    if ((uint)frame[i->A] == i->High)
                        goto taken;
                    continue;

                case Operation.JumpIfI32NeConst:
                    if ((uint)frame[i->A] != i->High)
                        goto taken;
                    continue;

                case Operation.JumpIfI32LtSConst:
                    if ((int)frame[i->A] < (int)i->High)
                        goto taken;
                    continue;

                case Operation.JumpIfI32LtUConst:
                    if ((uint)frame[i->A] < i->High)
                        goto taken;
                    continue;

                case Operation.JumpIfI32GtSConst:
                    if ((int)frame[i->A] > (int)i->High)
                        goto taken;
                    continue;

                case Operation.JumpIfI32GtUConst:
                    if ((uint)frame[i->A] > i->High)
                        goto taken;
                    continue;

                case Operation.JumpIfI32LeSConst:
                    if ((int)frame[i->A] <= (int)i->High)
                        goto taken;
                    continue;

                case Operation.JumpIfI32LeUConst:
                    if ((uint)frame[i->A] <= i->High)
                        goto taken;
                    continue;

                case Operation.JumpIfI32GeSConst:
                    if ((int)frame[i->A] >= (int)i->High)
                        goto taken;
                    continue;

                case Operation.JumpIfI32GeUConst:
                    if ((uint)frame[i->A] >= i->High)
                        goto taken;
                    continue;

                case Operation.JumpIfI64Eq:
                    if (frame[i->A] == frame[i->B])
                        goto taken;
                    continue;

                case Operation.JumpIfI64Ne:
                    if (frame[i->A] != frame[i->B])
                        goto taken;
                    continue;

                case Operation.JumpIfI64LtS:
                    if ((long)frame[i->A] < (long)frame[i->B])
                        goto taken;
                    continue;

                case Operation.JumpIfI64LtU:
                    if (frame[i->A] < frame[i->B])
                        goto taken;
                    continue;

                case Operation.JumpIfI64LeS:
                    if ((long)frame[i->A] <= (long)frame[i->B])
                        goto taken;
                    continue;

                case Operation.JumpIfI64LeU:
                    if (frame[i->A] <= frame[i->B])
                        goto taken;
                    continue;

                case Operation.JumpIfI64EqConst:
                    if (frame[i->A] == (ulong)(int)i->High)
                        goto taken;
                    continue;

                case Operation.JumpIfI64NeConst:
                    if (frame[i->A] != (ulong)(int)i->High)
                        goto taken;
                    continue;

                case Operation.JumpIfI64LtSConst:
                    if ((long)frame[i->A] < (int)i->High)
                        goto taken;
                    continue;

                case Operation.JumpIfI64LtUConst:
                    if (frame[i->A] < (ulong)(int)i->High)
                        goto taken;
                    continue;

                case Operation.JumpIfI64GtSConst:
                    if ((long)frame[i->A] > (int)i->High)
                        goto taken;
                    continue;

                case Operation.JumpIfI64GtUConst:
                    if (frame[i->A] > (ulong)(int)i->High)
                        goto taken;
                    continue;

                case Operation.JumpIfI64LeSConst:
                    if ((long)frame[i->A] <= (int)i->High)
                        goto taken;
                    continue;

                case Operation.JumpIfI64LeUConst:
                    if (frame[i->A] <= (ulong)(int)i->High)
                        goto taken;
                    continue;

                case Operation.JumpIfI64GeSConst:
                    if ((long)frame[i->A] >= (int)i->High)
                        goto taken;
                    continue;

                case Operation.JumpIfI64GeUConst:
                    if (frame[i->A] >= (ulong)(int)i->High)
                        goto taken;
                    continue;

                case Operation.JumpIfF32Eq:
                    if (BitConverter.UInt32BitsToSingle((uint)frame[i->A]) == BitConverter.UInt32BitsToSingle((uint)frame[i->B]))
                        goto taken;
                    continue;

                case Operation.JumpIfF32Ne:
                    if (BitConverter.UInt32BitsToSingle((uint)frame[i->A]) != BitConverter.UInt32BitsToSingle((uint)frame[i->B]))
                        goto taken;
                    continue;

                case Operation.JumpIfF32Lt:
                    if (BitConverter.UInt32BitsToSingle((uint)frame[i->A]) < BitConverter.UInt32BitsToSingle((uint)frame[i->B]))
                        goto taken;
                    continue;

                case Operation.JumpIfF32Le:
                    if (BitConverter.UInt32BitsToSingle((uint)frame[i->A]) <= BitConverter.UInt32BitsToSingle((uint)frame[i->B]))
                        goto taken;
                    continue;

                case Operation.JumpIfF32NotLt:
                    if (!(BitConverter.UInt32BitsToSingle((uint)frame[i->A]) < BitConverter.UInt32BitsToSingle((uint)frame[i->B])))
                        goto taken;
                    continue;

                case Operation.JumpIfF32NotLe:
                    if (!(BitConverter.UInt32BitsToSingle((uint)frame[i->A]) <= BitConverter.UInt32BitsToSingle((uint)frame[i->B])))
                        goto taken;
                    continue;

                case Operation.JumpIfF64Eq:
                    if (BitConverter.UInt64BitsToDouble(frame[i->A]) == BitConverter.UInt64BitsToDouble(frame[i->B]))
                        goto taken;
                    continue;

                case Operation.JumpIfF64Ne:
                    if (BitConverter.UInt64BitsToDouble(frame[i->A]) != BitConverter.UInt64BitsToDouble(frame[i->B]))
                        goto taken;
                    continue;

                case Operation.JumpIfF64Lt:
                    if (BitConverter.UInt64BitsToDouble(frame[i->A]) < BitConverter.UInt64BitsToDouble(frame[i->B]))
                        goto taken;
                    continue;

                case Operation.JumpIfF64Le:
                    if (BitConverter.UInt64BitsToDouble(frame[i->A]) <= BitConverter.UInt64BitsToDouble(frame[i->B]))
                        goto taken;
                    continue;

                case Operation.JumpIfF64NotLt:
                    if (!(BitConverter.UInt64BitsToDouble(frame[i->A]) < BitConverter.UInt64BitsToDouble(frame[i->B])))
                        goto taken;
                    continue;

                case Operation.JumpIfF64NotLe:
                    if (!(BitConverter.UInt64BitsToDouble(frame[i->A]) <= BitConverter.UInt64BitsToDouble(frame[i->B])))
                        goto taken;
                    continue;

                default:
                    throw new UnreachableException();
            }

        callForeign:
            context->Ticks = ticks;
            context->CallStackTop = top;
            instance.CallReference(address + instance.FirstReference, i->Low, frame + i->A);
            memoryLength = ((InstanceContext*)memory - 1)->MemoryLength;
            ticks = context->Ticks;
            continue;

        enterTail:
            if (Volatile.Read(ref *(nint*)&callee->Code) == 0)
            {
                context->CallStackTop = top;
                instance.Lower(callee);
            }

            // The arguments replace this frame's slots from the lowest on; they come from behind its locals.
            new ReadOnlySpan<ulong>(frame + address, callee->FirstLocal).CopyTo(new Span<ulong>(frame, callee->FirstLocal));

            if (callee->FrameSlots > stackEnd - frame)
                goto exhausted;

            calleeFrame = frame;
            goto start;

        enter:
            if (Volatile.Read(ref *(nint*)&callee->Code) == 0)
            {
                context->CallStackTop = top;
                instance.Lower(callee);
            }

            if (callee->FrameSlots > stackEnd - calleeFrame || top == lastCall)
            {
                if (!instance.TryUnwind(callee, calleeFrame))
                    goto exhausted;

                // The call has returned 1.
                goto poll;
            }

            top++;
            top->ReturnAddress = ip;
            top->CallerFrame = frame;
            frame = calleeFrame;

        start:
            top->Function = callee;
            ip = callee->Code;
            goto zeroLocals;

        startLowered:
            ip = callee->Lowered;

            if (callee->FrameSlots > stackEnd - frame)
                goto exhausted;

        zeroLocals:
            calleeFrame += callee->FirstLocal;

            // Zeroes four slots at a time: every frame has room for three more than its locals.
            for (var locals = (int)callee->LocalCount; locals > 0; locals -= 4, calleeFrame += 4)
            {
                calleeFrame[0] = 0;
                calleeFrame[1] = 0;
                calleeFrame[2] = 0;
                calleeFrame[3] = 0;
            }

            goto poll;

        taken:
            ip += i->Jump;

        poll:
            if (--ticks >= 0)
                continue;

            context->CallStackTop = top;
            ticks = instance.Poll(context, top->Function, ip, frame);

            if (ticks >= 0)
                continue;

            // The rest of the function was run by compiled code.
            ticks = context->Ticks;
            memoryLength = ((InstanceContext*)memory - 1)->MemoryLength;
            ip = top->ReturnAddress;
            frame = top->CallerFrame;
            top--;
        }

    unreachable:
        context->CallStackTop = top;
        Traps.Throw(TrapKind.Unreachable);

    outOfBounds:
        context->CallStackTop = top;
        Traps.Throw(TrapKind.OutOfBoundsMemoryAccess);

    undefinedElement:
        context->CallStackTop = top;
        Traps.Throw(TrapKind.UndefinedElement);

    typeMismatch:
        context->CallStackTop = top;
        Traps.Throw(TrapKind.IndirectCallTypeMismatch);

    exhausted:
        context->CallStackTop = top;
        Traps.Throw(TrapKind.CallStackExhausted);
    }
}
