using System.Buffers.Binary;
using System.Security.Cryptography;
using PluginHost.Wasm.Binary;
using PluginHost.Wasm.Modules;

namespace PluginHost.Wasm.Compiler;

/// <summary>
/// What a Go function is recognised by in every module that it was linked into: a hash of all its code but the functions that it calls, and the return addresses
/// that it pushes for that, which have the function's own number in them. So it stands for the code up to the first call.
/// </summary>
internal static class GoBodyHash
{
    public static string Of(WasmModule module, uint function)
    {
        var recording = FunctionRecording.Of(module, function);
        var instructions = recording.Instructions;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> bytes = stackalloc byte[16];

        foreach (var local in recording.Locals)
            hash.AppendData([(byte)local]);

        for (var i = 0; i < instructions.Count; i++)
        {
            var (first, bits) = (instructions[i].First, instructions[i].Bits);

            if (instructions[i].Opcode == Opcode.Call)
                first = 0;

            if (IsReturnAddress(instructions, i))
                bits = 0;

            BinaryPrimitives.WriteInt32LittleEndian(bytes, (int)instructions[i].Opcode);
            BinaryPrimitives.WriteUInt32LittleEndian(bytes[4..], first);
            BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], bits);
            hash.AppendData(bytes);

            foreach (var target in instructions[i].Extra as uint[] ?? [])
                hash.AppendData([(byte)target, (byte)(target >> 8)]);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static bool IsReturnAddress(IReadOnlyList<RecordedInstruction> instructions, int index) => index + 3 < instructions.Count
        && instructions[index].Opcode == Opcode.I64Const && instructions[index + 1].Opcode == Opcode.I64Store
        && instructions[index + 2].Opcode == Opcode.I32Const && instructions[index + 3].Opcode == Opcode.Call;
}
