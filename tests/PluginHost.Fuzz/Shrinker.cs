namespace PluginHost.Fuzz;

/// <summary>Makes a module smaller as long as the executors still differ on it: with binaryen's wasm-reduce, or byte by byte where it is not valid.</summary>
internal static class Shrinker
{
    public static byte[] Shrink(Finding finding, FuzzKind kind, string folder)
    {
        var (input, test, work) = (Path.Combine(folder, "shrink-in.wasm"), Path.Combine(folder, "shrink-test.wasm"), Path.Combine(folder, "shrink-work.wasm"));
        File.WriteAllBytes(input, finding.Module);
        File.Copy(input, work, overwrite: true);

        // wasm-reduce keeps what leaves the command's output the same.
        var self = Environment.ProcessPath!;
        var command = $"{self} check {test} --kind {kind.ToString().ToLowerInvariant()} --seed {finding.Seed} --quiet";

        if (self.EndsWith("dotnet", StringComparison.Ordinal))
            command = $"{self} {typeof(Shrinker).Assembly.Location} {command[(self.Length + 1)..]}";

        Tool.Run("wasm-reduce", input, $"--command={command}", "-t", test, "-w", work, "--timeout=30", "-f");
        return File.ReadAllBytes(work);
    }

    /// <summary>Takes pieces out of bytes as long as the difference stays.</summary>
    public static byte[] ShrinkBytes(byte[] module, Func<byte[], bool> differs)
    {
        for (var size = Math.Max(module.Length / 4, 1); size > 0; size /= 2)
        {
            for (var at = 8; at + size <= module.Length;)
            {
                byte[] shorter = [.. module[..at], .. module[(at + size)..]];

                if (differs(shorter))
                    module = shorter;
                else
                    at += size;
            }
        }

        return module;
    }
}
