using PluginHost.Wasm.Binary;

namespace PluginHost.Wasm.Modules;

/// <summary>Computes validated constant expressions (spec 3.3.10, with the arithmetic of the extended-const proposal).</summary>
internal static class ConstantExpressionEvaluator
{
    /// <summary>The values an expression may have on its stack: validation enforces it.</summary>
    public const int MaximumHeight = 64;

    /// <param name="global">The value of an imported global.</param>
    /// <param name="function">The reference to a function.</param>
    /// <returns>The value's bits, of an i32 in the low half.</returns>
    public static ulong Evaluate(WasmModule module, ConstantExpression expression, Func<uint, ulong> global, Func<uint, ulong> function)
    {
        var reader = new ByteReader(module.Bytes, expression.Offset, expression.Offset + expression.Length);
        Span<ulong> stack = stackalloc ulong[MaximumHeight];
        var height = 0;

        while (true)
        {
            switch ((Opcode)reader.ReadByte())
            {
                case Opcode.I32Const:
                    stack[height++] = (uint)reader.ReadS32();
                    break;
                case Opcode.I64Const:
                    stack[height++] = (ulong)reader.ReadS64();
                    break;
                case Opcode.F32Const:
                    stack[height++] = reader.ReadFixed32();
                    break;
                case Opcode.F64Const:
                    stack[height++] = reader.ReadFixed64();
                    break;
                case Opcode.GlobalGet:
                    stack[height++] = global(reader.ReadU32());
                    break;
                case Opcode.RefNull:
                    reader.ReadByte();
                    stack[height++] = 0;
                    break;
                case Opcode.RefFunc:
                    stack[height++] = function(reader.ReadU32());
                    break;
                case Opcode.I32Add:
                    height--;
                    stack[height - 1] = (uint)(stack[height - 1] + stack[height]);
                    break;
                case Opcode.I32Sub:
                    height--;
                    stack[height - 1] = (uint)(stack[height - 1] - stack[height]);
                    break;
                case Opcode.I32Mul:
                    height--;
                    stack[height - 1] = (uint)(stack[height - 1] * stack[height]);
                    break;
                case Opcode.I64Add:
                    height--;
                    stack[height - 1] += stack[height];
                    break;
                case Opcode.I64Sub:
                    height--;
                    stack[height - 1] -= stack[height];
                    break;
                case Opcode.I64Mul:
                    height--;
                    stack[height - 1] *= stack[height];
                    break;
                default:
                    return stack[0];
            }
        }
    }
}
