using System.Security.Cryptography;

namespace PluginHost.Wasi.Functions;

/// <summary>Random bytes from the system's own source.</summary>
internal static class RandomFunctions
{
    /// <summary>A guest may ask for gigabytes: between pieces of this size its deadline is looked at.</summary>
    private const uint Piece = 1024 * 1024;

    public static void AddTo(FunctionTable table) =>

        // random_get(buf, buf_len). fault.
        table.Add("random_get", "ii", static (ref call, context) =>
        {
            var (address, length) = (call.UInt32(0), call.UInt32(1));

            if ((ulong)address + length > call.Memory.ByteLength)
                return Errno.Fault;

            for (uint done = 0; done < length;)
            {
                var piece = Math.Min(length - done, Piece);
                RandomNumberGenerator.Fill(call.Memory.Span(address + done, piece));
                done += piece;
                call.ThrowIfInterrupted();
            }

            return Errno.Success;
        });
}
